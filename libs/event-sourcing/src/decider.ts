import type { DomainEvent, Metadata, Scope } from './event-store.js';

/** A business refusal: a code from a closed list of the contract, never a thrown error. */
export class Refusal<Code extends string = string> {
  constructor(
    readonly code: Code,
    readonly details: Readonly<Record<string, unknown>> = {},
  ) {}
}

/** Refuses a command with a code that the contract lists. */
export const reject = <Code extends string>(code: Code, details?: Readonly<Record<string, unknown>>): Refusal<Code> =>
  new Refusal(code, details);

/** Fields of each event type that are personal: stored as ciphertext under the key of `person` (a field of the event; default: the trainee of its scope). */
export type PersonalFields<E extends DomainEvent> = {
  readonly [T in E['type']]?: {
    readonly person?: keyof Extract<E, { type: T }> & string;
    readonly fields: readonly (keyof Extract<E, { type: T }> & string)[];
  };
};

/** Fields of each event type in which an office says something about nobody: a school's name, a label, an act's number. They stay readable. */
export type OfficeFields<E extends DomainEvent> = {
  readonly [T in E['type']]?: readonly (keyof Extract<E, { type: T }> & string)[];
};

/** Raises an old stored shape to the current one; pure; chained by version. */
export type Upcaster = {
  readonly type: string;
  readonly from: number;
  readonly up: (data: Record<string, unknown>) => Record<string, unknown>;
};

/** What `evolve` and `decide` may know of the moment of an event. */
export type EventMoment = Pick<Metadata, 'at' | 'actor'>;

/** The rules of one aggregate, pure: no clock, no ids made here, no I/O. */
export interface Decider<State, Command extends { readonly type: string }, Event extends DomainEvent, Context = undefined> {
  /** camelCase; the stream is `<category>-<uuid>`. */
  readonly category: string;
  readonly initial: State;
  decide(command: Command, state: State, context: Context): readonly Event[] | Refusal;
  evolve(state: State, event: Event, moment: EventMoment): State;
  /** Taken after all events of an append are folded; a key once present never changes. */
  scope(state: State): Scope;
  readonly personal?: PersonalFields<Event>;
  /** Every other string of an event is an id, a day or a code: words elsewhere are not stored (ADR 0037). */
  readonly office?: OfficeFields<Event>;
  /** Current schema version by event type where it is not 1. */
  readonly versions?: { readonly [T in Event['type']]?: number };
  readonly upcasters?: readonly Upcaster[];
}
