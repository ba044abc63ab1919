import type { CONTEXTS } from './contexts.generated.js';
import type { RefusalCode } from './contract.js';

/** What the platform answers by itself, whatever was asked; `problem-texts` has a sentence for each. */
export const GENERAL_PROBLEMS = {
  'invalid-input': 400,
  'invalid-request': 400,
  'malformed-json': 400,
  'json-too-deep': 400,
  'forbidden-key': 400,
  'idempotency-key-not-valid': 400,
  'cursor-not-valid': 400,
  'keys-not-valid': 400,
  'return-not-local': 400,
  'sign-in-needed': 401,
  'token-not-valid': 401,
  'account-not-known': 401,
  'passport-not-valid': 401,
  forbidden: 403,
  'cross-site-request': 403,
  'not-found': 404,
  'route-not-found': 404,
  'file-not-found': 404,
  'webhook-not-found': 404,
  'dead-letter-not-found': 404,
  'parked-event-not-found': 404,
  'method-not-allowed': 405,
  'changed-meanwhile': 409,
  'id-already-used': 409,
  'feed-restarted': 409,
  'held-elsewhere': 409,
  'too-many-webhooks': 409,
  'body-too-large': 413,
  'message-too-large': 413,
  'unsupported-content-type': 415,
  'idempotency-key-reused': 422,
  'event-type-not-known': 422,
  'webhook-target-refused': 422,
  'too-many-requests': 429,
  'internal-error': 500,
  'too-busy': 503,
  'store-busy': 503,
  'storage-unavailable': 503,
  'service-unavailable': 503,
  'sessions-away': 503,
  'identity-provider-away': 503,
  'service-timeout': 504,
} as const;
export type GeneralProblem = keyof typeof GENERAL_PROBLEMS;

type RefusalsOf<Operations> = Operations extends unknown
  ? { [Name in keyof Operations]: RefusalCode<Operations[Name]> }[keyof Operations]
  : never;
/** Every code that an operation of the contracts may refuse with. */
export type Refusal = RefusalsOf<(typeof CONTEXTS)[keyof typeof CONTEXTS]['operations']>;
/** Every `code` of a problem document. */
export type ProblemCode = GeneralProblem | Refusal;
/** One sentence for each code: what is the matter and what to do. */
export type ProblemTexts = Readonly<Record<ProblemCode, string>>;
