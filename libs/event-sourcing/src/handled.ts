import { reject, type Refusal } from './decider.js';
import type { AppendItem, AppendResult, DomainEvent, Metadata, StoredEvent } from './event-store.js';
import type { Loaded } from './folding.js';

/** The answer to a command. `position` is that of the last event of the command, of the stream where nothing happened (0: no stream). */
export type Handled<State, Event> =
  | {
      readonly ok: true;
      readonly events: readonly Event[];
      readonly state: State;
      readonly revision: number;
      readonly position: number;
      /** The command's events as stored, personal fields as ciphertext. */
      readonly lastEvents: readonly StoredEvent[];
      /** The command had been carried out before; this is its first answer. */
      readonly repeated: boolean;
    }
  | { readonly ok: false; readonly refusal: Refusal };

/** What a decider decided, ready to be appended. */
export type Draft<State, Event extends DomainEvent> = {
  readonly loaded: Loaded<State, Event>;
  readonly events: readonly Event[];
  readonly item: AppendItem;
};

export function fold<State, Event extends DomainEvent>(
  decider: { evolve(state: State, event: Event, moment: Pick<Metadata, 'at' | 'actor'>): State },
  state: State,
  events: readonly Event[],
  moment: Pick<Metadata, 'at' | 'actor'>,
): State {
  let folded = state;
  for (const event of events) folded = decider.evolve(folded, event, moment);
  return folded;
}

export function nothingHappened<State, Event extends DomainEvent>({ state, stored }: Loaded<State, Event>): Handled<State, Event> {
  return {
    ok: true,
    events: [],
    state,
    revision: stored.length - 1,
    position: stored.at(-1)?.position ?? 0,
    lastEvents: [],
    repeated: false,
  };
}

/** The first answer to a command found in its stream, as it was then; undefined where it is new. */
export function repetition<State, Event extends DomainEvent>(
  decider: { readonly initial: State; evolve(state: State, event: Event, moment: Metadata): State },
  { stored, events }: Loaded<State, Event>,
  commandId: string,
  commandHash: string | undefined,
): Handled<State, Event> | undefined {
  const isOurs = ({ metadata }: StoredEvent) => metadata.commandId === commandId;
  const last = stored.findLastIndex(isOurs);
  const lastStored = stored[last];
  if (!lastStored) return undefined;
  if (lastStored.metadata.commandHash !== commandHash) return { ok: false, refusal: reject('idempotency-key-reused') };
  let state = decider.initial;
  for (let i = 0; i <= last; i += 1) state = decider.evolve(state, events[i] as Event, (stored[i] as StoredEvent).metadata);
  const first = stored.findIndex(isOurs);
  return {
    ok: true,
    events: events.slice(first, last + 1),
    state,
    revision: last,
    position: lastStored.position,
    lastEvents: stored.slice(first, last + 1),
    repeated: true,
  };
}

/** Undefined where the stream must be read again: a conflict, or ids that were there already (whose content has to be compared). */
export function answerFrom<State, Event extends DomainEvent>(
  decider: { evolve(state: State, event: Event, moment: Pick<Metadata, 'at' | 'actor'>): State },
  { loaded, events, item }: Draft<State, Event>,
  result: AppendResult,
): Handled<State, Event> | undefined {
  if (!result.ok || result.repeated) return undefined;
  const { revision, position, positions, at } = result;
  const before = events.length - 1;
  const lastEvents = item.events.map(({ id, type, version, data, metadata }, i): StoredEvent => ({
    position: positions?.[i] ?? position - before + i,
    stream: item.stream,
    revision: revision - before + i,
    id,
    type,
    version,
    data,
    metadata: { at, ...metadata },
  }));
  const moment = (lastEvents[0] as StoredEvent).metadata;
  return { ok: true, events, state: fold(decider, loaded.state, events, moment), revision, position, lastEvents, repeated: false };
}
