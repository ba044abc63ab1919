import type { Decider } from './decider.js';
import type { DomainEvent } from './event-store.js';

/** A public event as its contract declares it: its name, and the schema of its data. */
export type EventContract<T extends string = string, Data = unknown> = {
  readonly type: T;
  readonly data: { readonly '~standard': { readonly types?: { readonly output: Data } } };
};

type Named<Event extends DomainEvent, T> = Event extends unknown ? ([Extract<T, Event['type']>] extends [never] ? never : Event) : never;

/** The facts of a stored event, without its type; of several types: what all of them have. */
export type Facts<Event extends DomainEvent, T extends Event['type'] = Event['type']> = Omit<Named<Event, T>, 'type'>;

/** An envelope that carries an event of this type. */
export type Carrying<Envelope, T extends string, Data> = Omit<Envelope, 'type' | 'data'> & { readonly type: T; readonly data: Data };

type Handle<Envelope, Given, Result> = (event: Envelope, given: Given) => Result;

/** What is done with events of some types. `Data`: what they have in common, for whoever must know a field of all of them. */
export type On<Envelope, Given, Result, Data = unknown> = {
  /** Of the own store; otherwise public. */
  readonly stored: boolean;
  readonly handles: Readonly<Record<string, Handle<Envelope, Given, Result>>>;
  /** Never there: it carries the type alone. */
  readonly data?: Data;
};

/** Handles a public event, which the contract's own object names. */
export const on = <T extends string, Data, Envelope, Given, Result>(
  { type }: EventContract<T, Data>,
  handle: Handle<Carrying<NoInfer<Envelope>, T, Data>, NoInfer<Given>, NoInfer<Result>>,
): On<Envelope, Given, Result, Data> => ({ stored: false, handles: { [type]: handle as unknown as Handle<Envelope, Given, Result> } });

/** Handles events that an aggregate of the own service stored, each under its name. To a projection personal fields are open, `[erased]` where the person is; to a reaction sealed. */
export const onStored = <
  State,
  Command extends { readonly type: string },
  Event extends DomainEvent,
  Context,
  T extends Event['type'],
  Envelope,
  Given,
  Result,
>(
  _decider: Decider<State, Command, Event, Context>,
  handles: { readonly [K in T]: Handle<Carrying<NoInfer<Envelope>, K, Facts<Event, K>>, NoInfer<Given>, NoInfer<Result>> },
): On<Envelope, Given, Result, Facts<Event, T>> => ({
  stored: true,
  handles: handles as unknown as On<Envelope, Given, Result>['handles'],
});

/** One or several. */
export type AnyOn<Envelope, Given, Result, Data = unknown> =
  On<Envelope, Given, Result, Data> | readonly On<Envelope, Given, Result, Data>[];

/** Handlers by type, and from them what must be read. `Data`: what the data of all of them has. */
export class Handlers<Envelope extends { readonly type: string }, Given, Result, Data = unknown> {
  readonly #handles = new Map<string, Handle<Envelope, Given, Result>>();
  /** Types of the own store; undefined: none. */
  readonly own: readonly string[] | undefined;
  /** Public types; undefined: none. */
  readonly public: readonly string[] | undefined;

  /** Throws RangeError where two handle one type. */
  constructor(all: AnyOn<Envelope, Given, Result, Data>) {
    const list = [all].flat() as readonly On<Envelope, Given, Result>[];
    for (const [type, handle] of list.flatMap(({ handles }) => Object.entries(handles))) {
      if (this.#handles.has(type)) throw new RangeError(`${type} is handled twice`);
      this.#handles.set(type, handle);
    }
    const typesOf = (stored: boolean) => list.filter((one) => one.stored === stored).flatMap(({ handles }) => Object.keys(handles));
    const orNone = (types: string[]) => (types.length > 0 ? types : undefined);
    [this.own, this.public] = [orNone(typesOf(true)), orNone(typesOf(false))];
  }

  /** Whether events of this type are handled. */
  handles(type: string): boolean {
    return this.#handles.has(type);
  }

  /** Whether the event is one of those handled, so that its data is as theirs. */
  carries<E extends { readonly type: string }>(event: E): event is E & { readonly data: Data } {
    return this.#handles.has(event.type);
  }

  /** What the handler of the event's type answers; undefined where there is none. */
  handle(event: Envelope, given: Given): Result | undefined {
    return this.#handles.get(event.type)?.(event, given);
  }
}

/** As `new Handlers`, where the types are written out. */
export const handlers = <Envelope extends { readonly type: string }, Given, Result, Data = unknown>(
  all: AnyOn<Envelope, Given, Result, Data>,
): Handlers<Envelope, Given, Result, Data> => new Handlers(all);
