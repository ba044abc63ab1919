import type { Operation } from './contract.js';

/** RFC 9457; `errors` names each field of a refused input, so that a form can mark it. */
export const problem = {
  type: 'object',
  required: ['type', 'title', 'status', 'code'],
  properties: {
    type: { type: 'string', format: 'uri-reference' },
    title: { type: 'string' },
    status: { type: 'integer' },
    code: { type: 'string', description: 'Kebab-case, of a closed list' },
    detail: { type: 'string', description: 'In the language of Accept-Language: Italian or English' },
    instance: { type: 'string' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['pointer', 'code'],
        properties: { pointer: { type: 'string' }, code: { type: 'string' }, detail: { type: 'string' } },
      },
    },
  },
};

const TITLES: Readonly<Record<number, string>> = {
  400: 'The input is not valid; `errors` names each field',
  401: 'Nobody is signed in',
  403: 'Not permitted',
  404: 'Not there, or not to be known',
  409: 'Clashes with what is there',
  422: 'Refused by a rule',
  429: 'Too many requests',
  503: 'Busy: try again',
};

/** What the gateway may answer to any operation, beside its own refusals. */
function edgeCodes(operation: Operation): [status: number, code: string][] {
  const signedIn: [number, string][] =
    'anyOf' in operation.permission
      ? [
          [401, 'not-signed-in'],
          [403, 'not-permitted'],
        ]
      : [[429, 'too-many-requests']];
  const command: [number, string][] = operation.kind === 'command' ? [[422, 'idempotency-key-reused']] : [];
  return [[400, 'invalid-input'], ...signedIn, ...command, [503, 'busy']];
}

const response = (status: number, codes: readonly string[]): object => ({
  description: TITLES[status] ?? 'Refused',
  content: {
    'application/problem+json': {
      schema: { allOf: [{ $ref: '#/components/schemas/Problem' }, { properties: { code: { enum: codes } } }] },
    },
  },
});

/** The answers that many operations share, by the code that they carry. */
export const sharedResponses: Record<string, object> = {
  'invalid-input': response(400, ['invalid-input']),
  'not-signed-in': response(401, ['not-signed-in']),
  'not-permitted': response(403, ['not-permitted']),
  'idempotency-key-reused': response(422, ['idempotency-key-reused']),
  'too-many-requests': response(429, ['too-many-requests']),
  busy: response(503, ['busy']),
};

/** Problem responses by status, each with the closed list of its codes. */
export function problemResponses(operation: Operation): Record<number, object> {
  const codes = new Map<number, string[]>();
  const refusals = Object.entries(operation.refusals).map(([code, status]): [number, string] => [status, code]);
  for (const [status, code] of [...edgeCodes(operation), ...refusals]) codes.set(status, [...(codes.get(status) ?? []), code]);
  const answer = (status: number, list: readonly string[]) =>
    list.length === 1 && sharedResponses[list[0] ?? ''] ? { $ref: `#/components/responses/${list[0]}` } : response(status, list);
  return Object.fromEntries([...codes].toSorted(([a], [b]) => a - b).map(([status, list]) => [status, answer(status, list)]));
}
