import { randomUUID } from 'node:crypto';
import { Refusal, type Decider } from './decider.js';
import type { ActorRef, AppendItem, AppendResult, DomainEvent, EventStore, EventToStore, Metadata, Scope } from './event-store.js';
import { answerFrom, fold, nothingHappened, repetition, type Draft, type Handled } from './handled.js';
import { currentVersion, load, stableScope, streamOf, type Loaded } from './folding.js';
import { uuidv8 } from './ids.js';
import { KeyedHash } from './keyed-hash.js';
import { personOf, sealFields, type PersonKeys } from './keys.js';
import { spanned, traceparent } from './trace.js';
import { loopTurns } from '@ateneo/threads';

/** Who commands, and in the course of what. */
export type Envelope = {
  readonly actor: ActorRef;
  readonly correlationId: string;
  readonly causationId?: string;
  readonly commandId?: string;
};

/** What the decider must know of others: a value, or a function of the state just folded. */
export type ContextFor<State, Context> = Context | ((state: State) => Context | Promise<Context>);

type WithContext<State, Context> = undefined extends Context
  ? { readonly context?: ContextFor<State, Context> }
  : { readonly context: ContextFor<State, Context> };

/** The stream as somebody read it just before; it is read anew where it has changed since. */
type Read<State, Event extends DomainEvent> = { readonly loaded?: Loaded<State, Event> };

export type BulkItem<State, Command, Context> = {
  readonly id: string;
  readonly command: Command;
  readonly commandId?: string;
} & WithContext<State, Context>;

/** Others kept changing the stream; nothing was stored; the command may be sent again. */
export class ConcurrencyError extends Error {
  override readonly name = 'ConcurrencyError';
}

type Attempt<State, Event extends DomainEvent> = { readonly answer: Handled<State, Event> } | { readonly draft: Draft<State, Event> };
type Order<State, Command, Event extends DomainEvent, Context> = Envelope &
  Read<State, Event> & {
    readonly id: string;
    readonly command: Command;
    readonly context?: ContextFor<State, Context>;
  };

const ATTEMPTS = 10;
/** So many streams of a bulk request are decided before other work gets a turn. */
const TURN = 25;

const CLIENT = { kind: 'client', attributes: { 'db.operation.name': 'append' } } as const;

/** The events say in which span they were stored, so that whoever takes them in goes on from there. */
function traced(item: AppendItem): AppendItem {
  const parent = traceparent();
  if (parent === undefined) return item;
  return { ...item, events: item.events.map((event) => ({ ...event, metadata: { ...event.metadata, traceparent: parent } })) };
}

/** The same JSON value with its keys sorted, so that equal content gives equal text. */
function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(sorted);
  const fields = value as Readonly<Record<string, unknown>>;
  const inOrder: Record<string, unknown> = {};
  for (const key of Object.keys(fields).sort()) inOrder[key] = sorted(fields[key]);
  return inOrder;
}

/** Carries commands out: load, fold, decide, append at the revision read; again where somebody else was faster. */
export class Commands {
  readonly #store: EventStore;
  readonly #keys: PersonKeys;
  readonly #hash: KeyedHash;

  constructor({ store, keys, hashKey }: { readonly store: EventStore; readonly keys: PersonKeys; readonly hashKey: Uint8Array }) {
    this.#store = store;
    this.#keys = keys;
    this.#hash = new KeyedHash(hashKey);
  }

  /** Throws ConcurrencyError after ten conflicts, and what the store throws. */
  async handle<State, Command extends { readonly type: string }, Event extends DomainEvent, Context>(
    decider: Decider<State, Command, Event, Context>,
    id: string,
    command: Command,
    envelope: Envelope & Read<State, Event> & WithContext<State, Context>,
  ): Promise<Handled<State, Event>> {
    return this.#spanned(decider, { ...envelope, id, command });
  }

  #spanned<State, Command extends { readonly type: string }, Event extends DomainEvent, Context>(
    decider: Decider<State, Command, Event, Context>,
    order: Order<State, Command, Event, Context>,
  ): Promise<Handled<State, Event>> {
    const attributes = { 'ateneo.category': decider.category };
    return spanned(`handle ${order.command.type}`, { attributes }, () => this.#handle(decider, order));
  }

  async #handle<State, Command extends { readonly type: string }, Event extends DomainEvent, Context>(
    decider: Decider<State, Command, Event, Context>,
    { loaded, ...order }: Order<State, Command, Event, Context>,
  ): Promise<Handled<State, Event>> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const made = await this.#attempt(decider, attempt === 0 ? { ...order, loaded } : order);
      if ('answer' in made) return made.answer;
      const answer = answerFrom(decider, made.draft, await this.#append(made.draft.item));
      if (answer) return answer;
    }
    throw new ConcurrencyError(`${streamOf(decider, order.id)} changed ${ATTEMPTS} times while ${order.command.type} was decided.`);
  }

  /** Many commands in one durable commit, each answered by itself in the order given; a stream named twice takes its later commands afterwards. */
  async handleMany<State, Command extends { readonly type: string }, Event extends DomainEvent, Context>(
    decider: Decider<State, Command, Event, Context>,
    items: readonly BulkItem<State, Command, Context>[],
    envelope: Envelope,
  ): Promise<Handled<State, Event>[]> {
    const answers: (Handled<State, Event> | undefined)[] = [];
    const drafts: { readonly index: number; readonly draft: Draft<State, Event> }[] = [];
    const streams = new Set<string>();
    for (const [index, item] of items.entries()) {
      if (index % TURN === TURN - 1) await loopTurns.next();
      if (streams.has(item.id)) continue;
      streams.add(item.id);
      const made = await this.#attempt(decider, { ...envelope, ...item, commandId: item.commandId ?? envelope.commandId });
      if ('answer' in made) answers[index] = made.answer;
      else drafts.push({ index, draft: made.draft });
    }
    const results = await spanned('append', CLIENT, () => this.#store.appendMany(drafts.map(({ draft }) => traced(draft.item))));
    drafts.forEach(({ index, draft }, i) => (answers[index] = answerFrom(decider, draft, results[i] as AppendResult)));
    const handled: Handled<State, Event>[] = [];
    for (const [index, item] of items.entries()) {
      handled.push(
        answers[index] ?? (await this.#spanned(decider, { ...envelope, ...item, commandId: item.commandId ?? envelope.commandId })),
      );
    }
    return handled;
  }

  #append(item: AppendItem): Promise<AppendResult> {
    return spanned('append', CLIENT, () => this.#store.append(traced(item)));
  }

  async #attempt<State, Command extends { readonly type: string }, Event extends DomainEvent, Context>(
    decider: Decider<State, Command, Event, Context>,
    order: Order<State, Command, Event, Context>,
  ): Promise<Attempt<State, Event>> {
    const loaded = order.loaded ?? (await load(decider, order.id, { store: this.#store, keys: this.#keys }));
    const commandHash = order.commandId === undefined ? undefined : this.#hashOf(order);
    const earlier = order.commandId === undefined ? undefined : repetition(decider, loaded, order.commandId, commandHash);
    if (earlier) return { answer: earlier };
    const { context } = order;
    const known =
      typeof context === 'function' ? await (context as (state: State) => Context | Promise<Context>)(loaded.state) : (context as Context);
    const decided = decider.decide(order.command, loaded.state, known);
    if (decided instanceof Refusal) return { answer: { ok: false, refusal: decided } };
    if (decided.length === 0) return { answer: nothingHappened(loaded) };
    return { draft: { loaded, events: decided, item: await this.#item(decider, loaded, decided, order, commandHash) } };
  }

  async #item<State, Command extends { readonly type: string }, Event extends DomainEvent, Context>(
    decider: Decider<State, Command, Event, Context>,
    { stream, stored, state }: Loaded<State, Event>,
    events: readonly Event[],
    { actor, correlationId, causationId, commandId }: Envelope,
    commandHash: string | undefined,
  ): Promise<AppendItem> {
    const at = stored.at(-1)?.metadata.at ?? new Date(0).toISOString();
    const scope = stableScope(decider, state, fold(decider, state, events, { at, actor }));
    if (decider.personal) await this.#ensureKeys(decider, events, scope);
    const metadata: Omit<Metadata, 'at'> = { actor, scope, commandId, commandHash, correlationId, causationId };
    const origin = commandId ?? randomUUID();
    const toStore = events.map((event, index): EventToStore => {
      const { type, ...data } = event;
      return {
        id: uuidv8(stream, origin, index),
        type,
        version: currentVersion(decider, type),
        data: sealFields(this.#keys, decider.personal, event, data, scope),
        metadata,
      };
    });
    return { stream, expectedRevision: stored.length - 1, events: toStore };
  }

  async #ensureKeys(decider: { readonly personal?: object }, events: readonly DomainEvent[], scope: Scope): Promise<void> {
    const people = new Set<string>();
    for (const event of events) {
      const person = personOf(decider.personal, event, scope);
      if (person !== undefined) people.add(person);
    }
    if (people.size > 0) await this.#keys.ensure([...people]);
  }

  /** Covers who commands too: another person's key is another command. */
  #hashOf({ actor, command }: { readonly actor: ActorRef; readonly command: object }): string {
    return this.#hash.digest(JSON.stringify(sorted([actor.id, command]))).toString('base64url');
  }
}
