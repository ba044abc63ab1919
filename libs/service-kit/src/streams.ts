import { type Decider, type DomainEvent, type EventStore, load, type Loaded, type PersonKeys, streamOf } from '@ateneo/event-sourcing';

/** The streams that one request reads: each is read once, and who decides last takes it. */
export class Streams {
  readonly #read = new Map<string, Promise<unknown>>();

  constructor(private readonly from: { readonly store: EventStore; readonly keys: PersonKeys }) {}

  /** The stream as it was when the request first asked for it. */
  load<State, Command extends { readonly type: string }, Event extends DomainEvent, Context>(
    decider: Decider<State, Command, Event, Context>,
    id: string,
  ): Promise<Loaded<State, Event>> {
    const stream = streamOf(decider, id);
    const read = (this.#read.get(stream) as Promise<Loaded<State, Event>> | undefined) ?? load(decider, id, this.from);
    this.#read.set(stream, read);
    return read;
  }

  /** What was read of it, for the command that is stored at its revision: given once, since that command makes it old. */
  take<State, Event extends DomainEvent>(decider: { readonly category: string }, id: string): Promise<Loaded<State, Event>> | undefined {
    const stream = streamOf(decider, id);
    const read = this.#read.get(stream) as Promise<Loaded<State, Event>> | undefined;
    this.#read.delete(stream);
    return read;
  }
}
