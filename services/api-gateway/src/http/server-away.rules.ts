/** A server that the gateway needs does not answer: 503 under a code that says which, and it may be tried again. */
export class ServerAwayError extends Error {
  override readonly name = 'ServerAwayError';
  readonly statusCode = 503;

  constructor(
    readonly code: 'sessions-away' | 'identity-provider-away',
    cause?: unknown,
  ) {
    super(code, { cause });
  }
}
