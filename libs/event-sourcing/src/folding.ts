import type { Decider, Upcaster } from './decider.js';
import type { DomainEvent, EventStore, Scope, StoredEvent } from './event-store.js';
import { openFields, peopleIn, type PersonKeys } from './keys.js';

/** What a decider declares about the stored form of its events. */
type Shapes = { readonly versions?: object; readonly upcasters?: readonly Upcaster[]; readonly personal?: object };

/** A stream as a decider sees it. */
export type Loaded<State, Event extends DomainEvent> = {
  readonly stream: string;
  readonly stored: readonly StoredEvent[];
  readonly events: readonly Event[];
  readonly state: State;
};

/** The stream of an aggregate: category, dash, id. */
export const streamOf = (decider: { readonly category: string }, id: string): string => `${decider.category}-${id}`;

/** Raises stored data to the current shape of its type, one upcaster after another. */
export function raised(decider: Shapes, type: string, storedVersion: number, stored: Record<string, unknown>): Record<string, unknown> {
  const current = currentVersion(decider, type);
  let data = stored;
  let version = storedVersion;
  for (let next = upcaster(decider, type, version); next; next = upcaster(decider, type, version)) {
    data = next.up(data);
    version += 1;
  }
  if (version !== current) throw new Error(`${type} is stored in version ${storedVersion}; this release reads version ${current}.`);
  return data;
}

const upcaster = ({ upcasters }: Shapes, type: string, version: number): Upcaster | undefined =>
  upcasters?.find((one) => one.type === type && one.from === version);

/** The facts of a stored event in their current shape, personal fields opened. */
export const factsFrom = (
  decider: Shapes,
  { type, version, data }: Pick<StoredEvent, 'type' | 'version' | 'data'>,
  keys: PersonKeys,
): Record<string, unknown> => openFields(keys, decider.personal, type, raised(decider, type, version, data as Record<string, unknown>));

/** A stored event as its decider knows it. */
export const eventFrom = <Event extends DomainEvent>(
  decider: Shapes,
  stored: Pick<StoredEvent, 'type' | 'version' | 'data'>,
  keys: PersonKeys,
): Event => ({ ...factsFrom(decider, stored, keys), type: stored.type }) as unknown as Event;

/** The schema version in which an event type is stored now. */
export const currentVersion = (decider: { readonly versions?: object }, type: string): number =>
  (decider.versions as Record<string, number> | undefined)?.[type] ?? 1;

/** Reads and folds a stream. */
export async function load<State, Command extends { readonly type: string }, Event extends DomainEvent, Context>(
  decider: Decider<State, Command, Event, Context>,
  id: string,
  { store, keys }: { readonly store: EventStore; readonly keys: PersonKeys },
): Promise<Loaded<State, Event>> {
  const stream = streamOf(decider, id);
  const stored = await store.readStream(stream);
  if (decider.personal) await keys.fetch(peopleIn(stored));
  const events = stored.map((one) => eventFrom<Event>(decider, one, keys));
  let state = decider.initial;
  events.forEach((event, i) => (state = decider.evolve(state, event, (stored[i] as StoredEvent).metadata)));
  return { stream, stored, events, state };
}

/** The scope after an append. Throws where a key that was set would change. */
export function stableScope<State>(decider: { readonly category: string; scope(state: State): Scope }, before: State, after: State): Scope {
  const earlier = decider.scope(before);
  const scope = decider.scope(after);
  for (const key of ['schoolId', 'traineeId'] as const) {
    if (earlier[key] !== undefined && earlier[key] !== scope[key])
      throw new Error(`The scope of a ${decider.category} may not change its ${key}.`);
  }
  return scope;
}
