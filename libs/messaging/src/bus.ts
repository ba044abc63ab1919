/** Largest serialised message, request, reply or broadcast alike; larger things travel through the files port by reference. */
export const MAX_MESSAGE_BYTES = 512 * 1024;

export const DEFAULT_TIMEOUT_MS = 10_000;

export class MessageTooLargeError extends Error {
  override readonly name = 'MessageTooLargeError';
  constructor(
    readonly subject: string,
    readonly bytes: number,
  ) {
    super(`a message on ${subject} has ${bytes} bytes, at most ${MAX_MESSAGE_BYTES} are allowed`);
  }
}

/** No reply came in time; whether the request was carried out is not known. */
export class TimeoutError extends Error {
  override readonly name = 'TimeoutError';
  constructor(
    readonly subject: string,
    readonly timeoutMs: number,
  ) {
    super(`no reply on ${subject} within ${timeoutMs} ms`);
  }
}

/** The connection broke before a reply came; whether the request was carried out is not known, and asking again at once is worth while. */
export class ConnectionLostError extends Error {
  override readonly name = 'ConnectionLostError';
  constructor(readonly subject: string) {
    super(`the connection broke before a reply on ${subject} came`);
  }
}

/** Nobody serves the subject; the request was not carried out. */
export class NoResponderError extends Error {
  override readonly name = 'NoResponderError';
  constructor(readonly subject: string) {
    super(`nobody serves ${subject}`);
  }
}

/** The server does not let this service use the subject; the request was not carried out. */
export class NotPermittedError extends Error {
  override readonly name = 'NotPermittedError';
  constructor(readonly subject: string) {
    super(`the bus does not permit a request on ${subject}`);
  }
}

/** The handler threw: its error as it travelled, without its stack. */
export class RemoteError extends Error {
  override readonly name = 'RemoteError';
  constructor(
    readonly subject: string,
    readonly remoteName: string,
    message: string,
    readonly code?: string,
    readonly details?: unknown,
  ) {
    super(message);
  }
}

export type BusHandler = (message: unknown, subject: string) => unknown;
export type BroadcastListener = (message: unknown, subject: string) => void;
/** Stops what it was answered for; calling it again does nothing. */
export type Stop = () => void;

/** Request/reply and broadcast between services. Messages are JSON at the other side: no shared objects, undefined fields dropped. */
export interface Bus {
  /** Answers with the handler's reply. Throws TimeoutError, NoResponderError, NotPermittedError, MessageTooLargeError, or RemoteError when the handler threw. */
  request(subject: string, message: unknown, options?: { readonly timeoutMs?: number }): Promise<unknown>;
  /** As `request`, the reply as the JSON text in which it came: for whoever only hands it on. */
  requestText(subject: string, message: unknown, options?: { readonly timeoutMs?: number }): Promise<string>;
  /** Of all that serve a subject under the same queue, one gets each request; the first reply of several queues wins. */
  serve(subject: string, queue: string, handler: BusHandler): Stop;
  /** To every listener of every instance, at most once. Throws MessageTooLargeError. */
  broadcast(subject: string, message: unknown): void;
  /** `*` in a subject stands for one token, `>` at the end for one or more. */
  onBroadcast(subject: string, listener: BroadcastListener): Stop;
  /** Calls back when the connection is there again after it was lost: broadcasts of that time were missed. */
  onReconnect(listener: () => void): Stop;
  close(): Promise<void>;
}

/** The JSON text of a message, '' for undefined. Throws MessageTooLargeError. */
export function serialise(subject: string, message: unknown): string {
  const text = JSON.stringify(message) ?? '';
  if (text.length * 3 <= MAX_MESSAGE_BYTES) return text;
  const bytes = Buffer.byteLength(text);
  if (bytes > MAX_MESSAGE_BYTES) throw new MessageTooLargeError(subject, bytes);
  return text;
}

export const deserialise = (text: string): unknown => (text === '' ? undefined : JSON.parse(text));

/** How what a handler threw travels; Nest's exception filters throw plain objects. */
export function errorReply(subject: string, thrown: unknown): string {
  const error = (typeof thrown === 'object' && thrown !== null ? thrown : { message: String(thrown) }) as Record<
    'name' | 'message' | 'code' | 'details',
    unknown
  >;
  const text = (value: unknown, otherwise: string) => (typeof value === 'string' ? value.slice(0, 2_000) : otherwise);
  const head = {
    name: text(error.name, 'Error'),
    message: text(error.message, 'failed'),
    code: typeof error.code === 'string' ? error.code : undefined,
  };
  try {
    return serialise(subject, { ...head, details: error.details });
  } catch {
    return serialise(subject, head);
  }
}

export function remoteError(subject: string, text: string): RemoteError {
  const { name, message, code, details } = JSON.parse(text) as { name: string; message: string; code?: string; details?: unknown };
  return new RemoteError(subject, name, message, code, details);
}

/** Whether a subject fits a pattern with `*` and a closing `>`. */
export function matches(pattern: string, subject: string): boolean {
  const wanted = pattern.split('.');
  const tokens = subject.split('.');
  for (const [index, token] of wanted.entries()) {
    if (token === '>') return index === wanted.length - 1 && tokens.length > index;
    if (token !== '*' && token !== tokens[index]) return false;
  }
  return wanted.length === tokens.length;
}
