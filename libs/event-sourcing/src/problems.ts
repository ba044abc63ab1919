/** Parts of the platform that work where nobody waits for an answer; docs/runbook.md has a paragraph on each. */
export const PARTS = [
  'follower',
  'projection',
  'projection-line',
  'reaction',
  'publisher',
  'relay',
  'leases',
  'event-store',
  'keys',
  'read-models',
  'operation',
  'deadline',
  'import',
  'report',
  'suspension-end',
  'webhook',
  'sign-in',
  'accounts',
  'passports',
  'status',
] as const;
export type Part = (typeof PARTS)[number];

/** What it is that fails. `what` tells it from its like and holds no personal data: `when-x-then-y`, `entry-list from own`. */
export type ProblemPlace = { readonly part: Part; readonly what: string; readonly service?: string };

/** Something failed, or works again. `goes-on`: it is tried again until it is `over`; `happened`: that was it. */
export type Problem = ProblemPlace &
  (
    | { readonly is: 'goes-on' | 'happened'; readonly error: unknown; readonly correlationId?: string; readonly origin?: string }
    | { readonly is: 'over' }
  );

/** Told of everything that fails where nobody waits for an answer. Never throws. */
export type OnProblem = (problem: Problem) => void;

/** Something that may fail again and again: each failure is told, and once that it works again. */
export class Trouble {
  #goesOn = false;
  #ended = false;

  constructor(
    private readonly onProblem: OnProblem | undefined,
    private readonly place: ProblemPlace,
  ) {}

  fails(error: unknown, more: { readonly correlationId?: string; readonly origin?: string } = {}): void {
    if (this.#ended) return;
    this.#goesOn = true;
    this.onProblem?.({ ...this.place, is: 'goes-on', error, ...more });
  }

  /** It works, or it rests. */
  over(): void {
    if (!this.#goesOn) return;
    this.#goesOn = false;
    this.onProblem?.({ ...this.place, is: 'over' });
  }

  /** It has ended: what fails late is nobody's any more, and nothing seems to go on for ever. */
  end(): void {
    this.over();
    this.#ended = true;
  }

  /** What the work answers, or undefined where it failed, which is told. */
  async heard<T>(work: Promise<T>): Promise<T | undefined> {
    try {
      const answer = await work;
      this.over();
      return answer;
    } catch (error) {
      this.fails(error);
      return undefined;
    }
  }
}

/** For the failures that concern nobody: `why` says so where they are passed over. */
export const unheard = (_why: string) => (): undefined => undefined;

/** Errors that quote what they were given, which may be anybody's name. */
const QUOTES = new Set(['SyntaxError', 'URIError', 'ZodError', '$ZodError', 'MongoServerError', 'MongoBulkWriteError']);
const LONGEST_REASON = 300;

/** Whether the message of an error may quote what somebody typed. */
export const quotes = ({ name }: Error): boolean => QUOTES.has(name);

const codeOf = (error: Error): string | undefined => {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' || typeof code === 'number' ? String(code) : undefined;
};

/** Kind and, unless it quotes, message of what was thrown, for people; no personal data. */
export function reasonOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return thrown === undefined ? 'nothing was thrown' : typeof thrown;
  const code = codeOf(thrown);
  const message = quotes(thrown) ? '' : thrown.message;
  const kind = code === undefined || message.includes(code) ? thrown.name : `${thrown.name} ${code}`;
  return (message === '' ? kind : `${kind}: ${message}`).slice(0, LONGEST_REASON);
}

/** A server that is needed does not answer: what failed may be tried again as it is. */
export class AwayError extends Error {
  override readonly name: string = 'AwayError';
}

const AWAY_NAMES = new Set([
  'AwayError',
  'StoreUnavailableError',
  'StoreBusyError',
  'TimeoutError',
  'NoResponderError',
  'ConnectionLostError',
  'RequestError',
  'ConnectionError',
  'ClosedConnectionError',
  'MongoNetworkError',
  'MongoNetworkTimeoutError',
  'MongoServerSelectionError',
  'MongoNotConnectedError',
  'MongoTopologyClosedError',
  'MongoPoolClearedError',
  'MongoPoolClosedError',
  'MongoWaitQueueTimeoutError',
  'MongoOperationTimeoutError',
  'MongooseServerSelectionError',
  'PoolClearedOnNetworkError',
  'UnavailableError',
  'DeadlineExceededError',
  'NotLeaderError',
  'MongoUnavailableError',
  'ViewsUnavailableError',
  'NoServerError',
  'ServerAwayError',
]);
const AWAY_CODES = new Set([
  ...['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN', 'ENOSPC', 'EIO'],
  ...['UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_SOCKET', 'UND_ERR_HEADERS_TIMEOUT'],
]);
/** MongoDB: not the primary, no primary, shutting down, interrupted by an election, no quorum in time. */
const MONGO_AWAY = new Set(['6', '7', '64', '89', '91', '189', '262', '9001', '10107', '11600', '11602', '13435', '13436']);
const AWAY_LABELS = ['TransientTransactionError', 'RetryableWriteError', 'ResetPool'];
const MOST_CAUSES = 5;

/** Whether it failed since a server, a disk or the network is away, not since what was tried is wrong. */
export function isAway(thrown: unknown, causes = 0): boolean {
  if (!(thrown instanceof Error)) return false;
  const code = codeOf(thrown) ?? '';
  if (AWAY_NAMES.has(thrown.name) || AWAY_CODES.has(code) || (thrown.name.startsWith('Mongo') && MONGO_AWAY.has(code))) return true;
  const { remoteName, hasErrorLabel } = thrown as { remoteName?: unknown; hasErrorLabel?: (label: string) => boolean };
  if (typeof remoteName === 'string' && AWAY_NAMES.has(remoteName)) return true;
  if (typeof hasErrorLabel === 'function' && AWAY_LABELS.some((label) => hasErrorLabel.call(thrown, label))) return true;
  return causes < MOST_CAUSES && isAway(thrown.cause, causes + 1);
}
