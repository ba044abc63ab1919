import type { Decider, Upcaster } from './decider.js';
import type { Carrying, EventContract, Facts } from './event-handlers.js';
import type { DomainEvent, StoredEvent } from './event-store.js';
import { currentVersion, raised } from './folding.js';

/** What a stored event tells the world: one public event, or nothing. */
type Published = { readonly type: string; readonly data: object } | undefined;
type Unchangeable<T> = T extends object ? { readonly [K in keyof T]: Unchangeable<T[K]> } : T;

/** No field beside those of the contract: what it does not know it must not tell. */
type Exactly<Data, Given> = Given & { readonly [K in Exclude<keyof Given, keyof Data>]: never };

/** A public event as a mapping answers it, its data as the contract says. */
export const told = <T extends string, Data extends object, Given extends Unchangeable<Data>>(
  { type }: EventContract<T, Data>,
  data: Exactly<Data, Given>,
): { readonly type: T; readonly data: object } => ({ type, data });

/** A mapping that publishes the facts as they are stored. */
export const toldAsStored =
  <T extends string, Data extends object>(contract: EventContract<T, Data>) =>
  <Given extends Unchangeable<Data>>({ data }: { readonly data: Exactly<Data, Given> }): Published =>
    told(contract, data);

/** The stored event in the shape that its type has now. */
function current(decider: { readonly versions?: object; readonly upcasters?: readonly Upcaster[] }, event: StoredEvent): StoredEvent {
  const { type, version, data } = event;
  return version === currentVersion(decider, type)
    ? event
    : { ...event, data: raised(decider, type, version, data as Record<string, unknown>) };
}

/** What the world learns of an aggregate: one line for each event that it stores, in its current shape, personal fields sealed; null: nothing. */
export const publishing = <State, Command extends { readonly type: string }, Event extends DomainEvent, Context>(
  decider: Decider<State, Command, Event, Context>,
  mapping: { readonly [T in Event['type']]: ((event: Carrying<StoredEvent, T, Facts<Event, T>>) => Published) | null },
): ((event: StoredEvent) => Published) => {
  const byType = new Map(Object.entries(mapping) as [string, ((event: StoredEvent) => Published) | null][]);
  return (event) => byType.get(event.type)?.(current(decider, event));
};
