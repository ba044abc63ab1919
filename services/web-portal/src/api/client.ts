import type { Output, RawInput } from '@ateneo/contracts';
import { problemOf, unreachable } from './problem.js';
import { type DownloadName, type Operations, ROUTES, UPLOADS } from './routes.generated.js';
import { signedInAgain } from './session-end.js';

export type OperationName = keyof Operations;
export type InputOf<N extends OperationName> = RawInput<Operations[N]>;
export type OutputOf<N extends OperationName> = Output<Operations[N]>;
export type UploadName = keyof typeof UPLOADS;
/** Asked and answered in JSON, not with a file. */
type JsonName = Exclude<OperationName, UploadName | DownloadName>;
export type CommandName = { [N in JsonName]: (typeof ROUTES)[N][2] extends 'command' ? N : never }[JsonName];
export type QueryName = Exclude<JsonName, CommandName>;

/** What differs from call to call: the intent's key for commands, an abort signal. */
export type CallOptions = { intent?: string; signal?: AbortSignal };
type SendOptions = CallOptions & { file?: Blob };

const asText = (value: unknown): string => (typeof value === 'object' ? JSON.stringify(value) : String(value));

/** Splits an input into the path, the query string and the rest, as the contract's route says. */
export const addressOf = (
  name: OperationName,
  input: Readonly<Record<string, unknown>>,
): { path: string; rest: Record<string, unknown> } => {
  const rest: Record<string, unknown> = { ...input };
  const path = ROUTES[name][1].replaceAll(/\{(\w+)\}/g, (_, field: string) => {
    const value = rest[field];
    delete rest[field];
    return encodeURIComponent(asText(value));
  });
  return { path: `/api${path}`, rest };
};
const queryString = (values: Record<string, unknown>): string => {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(values))
    if (value !== undefined && value !== null && value !== '') query.set(key, asText(value));
  return query.size > 0 ? `?${query}` : '';
};

/** The address of an operation that answers a file, for a link. */
export const linkTo = <N extends DownloadName>(name: N, input: InputOf<N>): string => {
  const { path, rest } = addressOf(name, input as Record<string, unknown>);
  return path + queryString(rest);
};

const requestOf = (name: OperationName, input: Record<string, unknown>, { intent, signal, file }: SendOptions): [string, RequestInit] => {
  const [method, , kind] = ROUTES[name];
  const { path, rest } = addressOf(name, input);
  const headers: Record<string, string> = { accept: 'application/json', 'accept-language': document.documentElement.lang };
  if (kind === 'command') headers['idempotency-key'] = intent ?? newId();
  if (file) return [path + queryString(rest), { method, headers: { ...headers, 'content-type': file.type }, body: file, signal }];
  if (method === 'GET' || method === 'DELETE') return [path + queryString(rest), { method, headers, signal }];
  return [path, { method, headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify(rest), signal }];
};

const send = async <N extends OperationName>(name: N, input: InputOf<N>, options: SendOptions): Promise<OutputOf<N>> => {
  const settled: SendOptions = { ...options, intent: options.intent ?? newId() };
  const [address, init] = requestOf(name, input as Record<string, unknown>, settled);
  const response = await fetch(address, init).catch((error: unknown) => {
    throw options.signal?.aborted ? error : unreachable();
  });
  if (response.ok) return (await response.json()) as OutputOf<N>;
  if (response.status === 401 && (await signedInAgain())) return send(name, input, settled);
  throw await problemOf(response);
};

/** Calls an operation by its name; throws `ProblemError`. When the session has ended it waits for a new sign-in and goes on. */
export const call = <N extends JsonName>(name: N, input: InputOf<N>, options: CallOptions = {}): Promise<OutputOf<N>> =>
  send(name, input, options);
/** The same with a file as the body, of the type that the operation takes. */
export const upload = <N extends UploadName>(name: N, input: InputOf<N>, file: Blob, options: CallOptions = {}): Promise<OutputOf<N>> =>
  send(name, input, { ...options, file: new Blob([file], { type: UPLOADS[name] }) });

/** A time-ordered uuid (v7): ids of new things, and keys of intents. */
export const newId = (): string => {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const now = Date.now();
  for (let index = 0; index < 6; index++) bytes[index] = Math.floor(now / 2 ** (8 * (5 - index))) % 256;
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x70;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
};
