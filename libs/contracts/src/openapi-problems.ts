import type { Operation } from './contract.js';
import { GENERAL_PROBLEMS, type GeneralProblem } from './problems.js';

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
  400: 'The request is not valid; where fields are wrong, `errors` names each',
  401: 'Nobody is signed in, or not with this token',
  403: 'Not permitted',
  404: 'Not there, or not to be known',
  405: 'The address does not take this method',
  409: 'Clashes with what is there',
  413: 'Too large',
  415: 'Another content type is wanted',
  422: 'Refused by a rule',
  429: 'Too many requests',
  500: 'Broken: logged under the id of the request',
  503: 'Busy or away: try again',
  504: 'No answer in time: it may have been carried out',
};

/** What decides which general problems a route may answer. */
export type Route = {
  readonly signedIn: boolean;
  /** false: nobody is refused for a role */ readonly roles: boolean;
  readonly safe: boolean;
  readonly body: boolean;
  readonly inPath: boolean;
  readonly command: boolean;
  /** a service answers, over the bus */ readonly service: boolean;
  readonly limited: boolean;
};

/** What the gateway and the kit may answer to a route, beside what is its own. */
export function generalProblems(route: Route): GeneralProblem[] {
  const when = (holds: boolean, ...codes: GeneralProblem[]): GeneralProblem[] => (holds ? codes : []);
  return [
    'invalid-input',
    'invalid-request',
    ...when(route.body, 'malformed-json', 'json-too-deep', 'forbidden-key', 'body-too-large', 'unsupported-content-type'),
    ...when(route.service, 'idempotency-key-not-valid', 'passport-not-valid', 'message-too-large', 'service-timeout'),
    ...when(route.signedIn, 'sign-in-needed'),
    'token-not-valid',
    'account-not-known',
    ...when(route.roles, 'forbidden'),
    ...when(!route.safe, 'cross-site-request'),
    ...when(route.inPath, 'not-found', 'route-not-found'),
    'method-not-allowed',
    ...when(route.command, 'changed-meanwhile', 'id-already-used', 'idempotency-key-reused', 'store-busy'),
    ...when(route.limited, 'too-many-requests'),
    'internal-error',
    'too-busy',
    'storage-unavailable',
    'service-unavailable',
    'sessions-away',
    'identity-provider-away',
  ];
}

const routeOf = (operation: Operation): Route => ({
  signedIn: 'anyOf' in operation.permission,
  roles: 'anyOf' in operation.permission,
  safe: operation.http?.method === 'GET',
  body: operation.http?.method === 'POST' || operation.http?.method === 'PUT',
  inPath: operation.http?.path.includes('{') ?? false,
  command: operation.kind === 'command',
  service: true,
  limited: operation.limit !== undefined,
});

const response = (status: number, codes: readonly string[]): object => ({
  description: TITLES[status] ?? 'Refused',
  content: {
    'application/problem+json': {
      schema: { allOf: [{ $ref: '#/components/schemas/Problem' }, { properties: { code: { enum: codes } } }] },
    },
  },
});

/** Answers that several routes share, by their codes; filled while the document is written. */
export type SharedResponses = Record<string, object>;

/** Problem responses by status, each with the closed list of its codes. */
export function responsesOf(codes: readonly (readonly [code: string, status: number])[], shared: SharedResponses): Record<number, object> {
  const byStatus = new Map<number, Set<string>>();
  for (const [code, status] of codes) byStatus.set(status, (byStatus.get(status) ?? new Set()).add(code));
  const answer = (status: number, list: readonly string[]): object => {
    if (!list.every((code) => code in GENERAL_PROBLEMS)) return response(status, list);
    const name = list.join('.');
    shared[name] ??= response(status, list);
    return { $ref: `#/components/responses/${name}` };
  };
  return Object.fromEntries([...byStatus].toSorted(([a], [b]) => a - b).map(([status, list]) => [status, answer(status, [...list])]));
}

export const withStatus = (codes: readonly GeneralProblem[]) => codes.map((code) => [code, GENERAL_PROBLEMS[code]] as const);

export const problemResponses = (operation: Operation, shared: SharedResponses): Record<number, object> =>
  responsesOf(
    [
      ...withStatus([...generalProblems(routeOf(operation)), ...(operation.download ? (['file-not-found'] as const) : [])]),
      ...Object.entries(operation.refusals),
    ],
    shared,
  );
