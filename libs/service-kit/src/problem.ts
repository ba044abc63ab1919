import type { Refusal } from '@ateneo/event-sourcing';
import type { Operation, ProblemCode, RefusalStatus } from '@ateneo/contracts';
import type { z } from 'zod';

/** One field that is wrong: where (JSON pointer into the input), which rule, and the rule in words for a developer. */
export type FieldError = { readonly pointer: string; readonly code: string; readonly detail: string };

/** What went wrong, as it travels; the gateway makes an RFC 9457 document of it. */
export type Problem = {
  readonly status: 400 | 401 | 403 | 404 | 405 | 409 | 413 | 415 | 422 | 429 | 500 | 503 | 504;
  readonly code: ProblemCode;
  readonly details?: Readonly<Record<string, unknown>>;
  readonly errors?: readonly FieldError[];
};

export type Reply<O = unknown> = { readonly ok: true; readonly output: O } | { readonly ok: false; readonly problem: Problem };

/** A reply whose output, a JSON text, is not read yet; '' where there is none. */
export type ReplyText = { readonly ok: true; readonly output: string } | Extract<Reply, { ok: false }>;

/** How every reply with an output begins on the wire: the interceptor writes it in this order. */
const OUTPUT = '{"ok":true,"output":';

export function replyText(text: string): ReplyText {
  if (text.startsWith(OUTPUT)) return { ok: true, output: text.slice(OUTPUT.length, -1) };
  const reply = JSON.parse(text) as Reply;
  return reply.ok ? { ok: true, output: JSON.stringify(reply.output) ?? '' } : reply;
}

/** Too much is asked of one thing at a time: answered 503 `too-busy`, and it may be tried again after so many seconds. */
export class BusyError extends Error {
  override readonly name = 'BusyError';

  constructor(readonly retryAfter: number) {
    super(`busy, come again in ${retryAfter} s`);
  }
}

/** Refusals that any operation may meet, beside those that it lists. */
const COMMON: Readonly<Record<string, RefusalStatus>> = {
  'idempotency-key-reused': 422,
  'id-already-used': 409,
  forbidden: 403,
  'not-found': 404,
};

export function problemOf(operation: Operation, refusal: Refusal): Problem {
  const status = operation.refusals[refusal.code] ?? COMMON[refusal.code];
  if (status === undefined) throw new Error(`${operation.name} answered the refusal «${refusal.code}», which its contract does not list`);
  return { status, code: refusal.code as ProblemCode, details: refusal.details };
}

export const invalidInput = (error: z.ZodError): Problem => ({
  status: 400,
  code: 'invalid-input',
  errors: error.issues.flatMap(fieldErrors).slice(0, 50),
});

function fieldErrors(issue: z.core.$ZodIssue): FieldError[] {
  const at = (path: readonly PropertyKey[]) => path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({ pointer: at([...issue.path, key]), code: 'unknown-field', detail: issue.message }));
  const missing = issue.code === 'invalid_type' && issue.input === undefined;
  const code = missing
    ? 'required'
    : issue.code === 'custom' && /^[a-z][a-z-]*$/.test(issue.message)
      ? issue.message
      : issue.code === 'invalid_format'
        ? `format-${issue.format}`
        : issue.code.replaceAll('_', '-');
  return [{ pointer: at(issue.path), code, detail: issue.message }];
}
