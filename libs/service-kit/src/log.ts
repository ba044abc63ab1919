import { quotes } from '@ateneo/event-sourcing';
import { pino } from 'pino';

export type Logger = {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  child(fields: object): Logger;
};

type LoggedError = {
  readonly type: string;
  readonly code?: string;
  readonly message?: string;
  readonly stack?: string;
  readonly cause?: LoggedError;
};

const MOST_CAUSES = 5;

/** Kind, place and, unless it quotes, message of what was thrown. */
export function loggedError(thrown: unknown, causes = 0): LoggedError {
  if (!(thrown instanceof Error)) return { type: typeof thrown };
  const { name, message, stack = '', cause } = thrown;
  const { code } = thrown as { code?: unknown };
  return {
    type: name,
    ...(typeof code === 'string' || typeof code === 'number' ? { code: String(code) } : {}),
    ...(quotes(thrown) ? {} : { message }),
    stack: stack
      .split('\n')
      .filter((line) => /^\s+at /.test(line))
      .join('\n'),
    ...(cause === undefined || causes === MOST_CAUSES ? {} : { cause: loggedError(cause, causes + 1) }),
  };
}

/** Structured lines with correlation ids; never input, names or free text. Levels: debug, info, warn, error, silent. */
export const createLogger = (level: string): Logger =>
  pino(
    { level, base: undefined, timestamp: pino.stdTimeFunctions.isoTime, serializers: { error: (error: unknown) => loggedError(error) } },
    pino.destination({ dest: 2, sync: false }),
  );
