import assert from 'node:assert/strict';
import { Refusal, type Decider, type EventMoment } from './decider.js';
import type { DomainEvent } from './event-store.js';
import { raised, stableScope } from './folding.js';
import { refuseFreeText } from './free-text.js';

const MOMENT: EventMoment = { at: '2026-01-01T09:00:00.000Z', actor: { id: '00000000-0000-8000-8000-000000000001', kind: 'person' } };

/** What a decider answered to a command; each method asserts and answers nothing, for whatever has a `then` is taken for a promise where a test returns it. */
class Outcome<State, Event extends DomainEvent> {
  constructor(
    readonly answer: readonly Event[] | Refusal,
    readonly state: State,
  ) {}

  then(...expected: readonly Event[]): void {
    assert.deepEqual(this.answer, expected);
  }

  thenNothing(): void {
    this.then();
  }

  thenRejected(code: string, details?: Readonly<Record<string, unknown>>): void {
    assert.ok(this.answer instanceof Refusal, `expected the refusal ${code}, got ${JSON.stringify(this.answer)}`);
    assert.equal(this.answer.code, code);
    if (details) assert.deepEqual(this.answer.details, details);
  }

  /** Looks at the state after the command's events. */
  thenState(check: (state: State) => void): void {
    check(this.state);
  }
}

/** Sentences about a decider: `given(events).when(command, context).then(events)`. Every `when` also checks that the scope is stable. */
export function specification<State, Command extends { readonly type: string }, Event extends DomainEvent, Context>(
  decider: Decider<State, Command, Event, Context>,
) {
  const evolve = (state: State, event: Event): State => {
    const next = decider.evolve(state, event, MOMENT);
    stableScope(decider, state, next);
    return next;
  };
  return {
    given: (...events: readonly Event[]) => ({
      when: (
        command: Command,
        ...[context]: undefined extends Context ? [context?: Context] : [context: Context]
      ): Outcome<State, Event> => {
        const state = events.reduce(evolve, decider.initial);
        const answer = decider.decide(command, state, context as Context);
        if (!(answer instanceof Refusal)) for (const event of answer) refuseFreeText(decider, event);
        return new Outcome(answer, answer instanceof Refusal ? state : answer.reduce(evolve, state));
      },
    }),
  };
}

/** An event as it was stored once, kept as JSON for ever. */
export type StoredExample = { readonly type: string; readonly version?: number; readonly data: Readonly<Record<string, unknown>> };

/** Asserts that every stored example still folds, given in the order of a stream, and answers the last state. */
export function storedExamples<State, Command extends { readonly type: string }, Event extends DomainEvent, Context>(
  decider: Decider<State, Command, Event, Context>,
  examples: readonly StoredExample[],
): State {
  return examples.reduce((state, { type, version = 1, data }) => {
    const event = { ...raised(decider, type, version, structuredClone(data)), type } as unknown as Event;
    const next = decider.evolve(state, event, MOMENT);
    assert.notEqual(next, undefined, `${type} in version ${version} does not fold`);
    stableScope(decider, state, next);
    return next;
  }, decider.initial);
}
