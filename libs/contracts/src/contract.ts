import { z } from 'zod';
import { type Context, contextOf } from './consumption.js';

/** Who may act: held by a person or service account through a profile (role + scope + period). `person` = anyone signed in; `anyone` = no sign-in. */
export const ROLES = [
  'trainee',
  'tutor',
  'director',
  'school-secretariat',
  'university-secretariat',
  'administrator',
  'integration',
] as const;
export type Role = (typeof ROLES)[number];

/**
 * What ties the actor to the thing asked for. The service kit runs the relation's resolver before the handler.
 * `public`: anyone · `self`: the person is the actor · `my-trainee-on-date`: an assignment overlaps the date of the act ·
 * `my-school`: a profile of a permitted role in that school · `tenant`: a profile for the whole university · `service`: another service only.
 */
export type Relation = 'public' | 'self' | 'my-trainee-on-date' | 'my-school' | 'tenant' | 'service';

/** One way to be permitted: a role (or roles) with a relation to what stands at `of` in the input (a path such as `entryId`). */
export type Grant = { readonly roles: readonly Role[]; readonly relation: Exclude<Relation, 'public' | 'service'>; readonly of?: string };
export type Permission =
  | { readonly relation: 'public' }
  | { readonly relation: 'service'; readonly callers: readonly string[] }
  | {
      readonly anyOf: readonly Grant[];
      /** list queries: the relation narrows what is shown instead of refusing */ readonly scopeFilter?: boolean;
    };

export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** How each refusal reads over HTTP; 403 and 404 are told apart only where the role may know. */
export type RefusalStatus = 403 | 404 | 409 | 422;

/** A stored file, as an operation with `download` answers it: the gateway sends the bytes in its place. */
export const storedFile = z.object({ fileId: z.string(), name: z.string(), type: z.string(), size: z.number().int() });
type StoredFile = typeof storedFile;
/** The input that an upload fills: `fileName` comes with the request, `fileId` from the gateway once it has stored the body. */
type ReceivedFile = z.ZodType<{ fileName: string; fileId: string }>;

type MediaType = `${string}/${string}`;
/** The body is a file of one of these types (else 415) and at most so many bytes (else 413); all input fields but `fileId` come from path and query. */
export type Upload = { readonly types: readonly [MediaType, ...MediaType[]]; readonly maxBytes: number };
/** The answer is a file of one of these types, never JSON. */
export type Download = { readonly types: readonly [MediaType, ...MediaType[]] };
/** Which limit per address holds where somebody without an account could try values (else 429); how many tries is the gateway's to say. */
export type Limit = 'verification' | 'password';
/**
 * A topic under GET /api/live. Who may ask the query may follow it; with `by`, the page names the value of that input field
 * (`counters:<traineeId>`) and hears of changes with that key alone, without it of any change. `toldBy`: whose read models tell, if not those of the query's context.
 */
export type LiveTopic<Field extends string = string> = { readonly topic: string; readonly by: Field | null; readonly toldBy?: Context };

export type OperationSpec<I extends z.ZodType, O extends z.ZodType, R extends string> = {
  /** `<context>.<verb-noun>`; the service answers `rpc.<context>.<verb-noun>`. */
  readonly name: `${string}.${string}`;
  readonly kind: 'command' | 'query';
  readonly summary: string;
  /** Under `/api`; `{name}` takes input fields from the path; GET takes the rest from the query string, others from the JSON body. */
  readonly http?: { readonly method: HttpMethod; readonly path: `/${string}` };
  readonly permission: Permission;
  readonly input: I;
  readonly output: O;
  readonly refusals: Readonly<Record<R, RefusalStatus>>;
  /** On a query that takes `after`: the contexts whose facts its answer shows, so whose tokens a client hands it. */
  readonly readsAfter?: readonly Context[];
  readonly upload?: Upload;
  readonly download?: Download;
  readonly limit?: Limit;
  readonly live?: readonly [LiveTopic, ...LiveTopic[]];
  /** A valid input, used by the documentation and by the permission matrix. */
  readonly example: z.input<I>;
};

export type Operation<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType, R extends string = string> = OperationSpec<I, O, R>;
export type Input<Op> = Op extends Operation<infer I, z.ZodType, string> ? z.output<I> : never;
export type RawInput<Op> = Op extends Operation<infer I, z.ZodType, string> ? z.input<I> : never;
export type Output<Op> = Op extends Operation<z.ZodType, infer O, string> ? z.output<O> : never;
export type RefusalCode<Op> = Op extends Operation<z.ZodType, z.ZodType, infer R> ? R : never;

type Route<M extends HttpMethod = HttpMethod> = { readonly method: M; readonly path: `/${string}` };
type FieldOf<I extends z.ZodType> = Extract<keyof z.input<I>, string>;
type Topics<I extends z.ZodType> = readonly [LiveTopic<FieldOf<I>>, ...LiveTopic<FieldOf<I>>[]];
/** What an operation carries, each with the kind, route, input, output or permission that it asks for: any other combination does not compile. */
type Fitting<I extends z.ZodType> = (
  { upload?: never } | { upload: Upload; kind: 'command'; http: Route<'POST' | 'PUT'>; input: ReceivedFile }
) &
  ({ download?: never } | { download: Download; kind: 'query'; http: Route<'GET'>; output: StoredFile }) &
  ({ limit?: never } | { limit: Limit; http: Route; permission: { readonly relation: 'public' } }) &
  ({ live?: never } | { live: Topics<I>; kind: 'query' }) &
  ({ readsAfter?: never } | { readsAfter: readonly Context[]; kind: 'query' });

/** Declares an operation once: gateway route, bus subject, OpenAPI, client and permission page are derived from it. */
export const operation = <I extends z.ZodType, O extends z.ZodType, const R extends string>(
  spec: OperationSpec<I, O, R> & Fitting<I>,
): Operation<I, O, R> => spec;

export type PublicEventSpec<T extends string = string, D extends z.ZodType = z.ZodType> = {
  /** `<context>.<noun-participle>.v<n>` */
  readonly type: T;
  readonly summary: string;
  readonly data: D;
  /** `named`: who follows it asks for names and keeps them · `erased`: who keeps names must follow it, and destroy them. */
  readonly person?: 'named' | 'erased';
  /** Of people, only the trainee whom it is about sees it in the feed; service accounts see it like any other. */
  readonly ofDraft?: true;
  readonly example: z.input<D>;
};
export type DataOf<S> = S extends PublicEventSpec<string, infer D> ? z.output<D> : never;

/** Declares a public event once: the event catalogue and consumers' types are derived from it. */
export const publicEvent = <const T extends string, D extends z.ZodType>(spec: PublicEventSpec<T, D>): PublicEventSpec<T, D> => spec;

export const subjectOf = (operation: { name: string }): string => `rpc.${operation.name}`;

/** A topic with the query that carries it: whose permission is asked, and whose read models tell. */
export type FollowedTopic = Required<LiveTopic> & { readonly operation: Operation };
export const liveTopics = (operations: readonly Operation[]): FollowedTopic[] =>
  operations.flatMap((operation) => (operation.live ?? []).map((topic) => ({ toldBy: contextOf(operation.name), ...topic, operation })));
/** How a page writes its key: `waiting`, `counters:<traineeId>`. */
export const keyForm = ({ topic, by }: LiveTopic): string => (by === null ? topic : `${topic}:<${by}>`);
