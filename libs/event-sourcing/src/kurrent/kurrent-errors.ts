import {
  AccessDeniedError,
  InvalidArgumentError,
  isCommandError,
  MaxAppendSizeExceededError,
  StreamDeletedError,
  StreamNotFoundError,
  StreamTombstonedError,
  WrongExpectedVersionError,
} from '@kurrent/kurrentdb-client';
import { StoreUnavailableError } from '../event-store.js';

/** What the server says of the question itself; asking again would not help. */
const ANSWERS = [
  AccessDeniedError,
  InvalidArgumentError,
  MaxAppendSizeExceededError,
  StreamDeletedError,
  StreamNotFoundError,
  StreamTombstonedError,
  WrongExpectedVersionError,
];

/** gRPC: cancelled, deadline exceeded, internal, unavailable, data loss. */
const UNREACHABLE = new Set([1, 4, 13, 14, 15]);

/** StoreUnavailableError for a server that cannot be reached, is not ready, changes its leader or is too slow; other errors as they are. */
export function asStoreError(error: unknown): unknown {
  if (!(error instanceof Error) || ANSWERS.some((answer) => error instanceof answer)) return error;
  const { code } = error as { code?: unknown };
  if (!isCommandError(error) && !(typeof code === 'number' && UNREACHABLE.has(code))) return error;
  return new StoreUnavailableError(`KurrentDB cannot answer now: ${error.message || error.name}`, { cause: error });
}
