import { describe, test } from 'node:test';
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { randomLog, type RandomLog } from '@ateneo/workspace/random-log';
import { recount } from '@ateneo/workspace/recount';
import { schools, sets } from './catalogue.js';
import { answer, expected } from './recount-compare.js';

/** Each stream's events in their order, the streams interleaved by `picks`, some told twice. */
const interleaved = (events: RandomLog['events'], picks: readonly number[]): RandomLog['events'] => {
  const queues = [...new Set(events.map((it) => it.subject))].map((subject) => events.filter((it) => it.subject === subject));
  const mixed: RandomLog['events'] = [];
  for (let turn = 0; queues.some((it) => it.length > 0); turn += 1) {
    const pick = picks[turn % picks.length] ?? 0;
    const waiting = queues.filter((it) => it.length > 0);
    const next = (waiting[pick % waiting.length] as RandomLog['events']).shift();
    if (next) mixed.push(next, ...(pick % 3 === 0 ? [next] : []));
  }
  return mixed;
};

const runs = Number(process.env['RECOUNT_RUNS'] ?? 60);
describe('the counters and an independent recount', () => {
  for (const set of sets) {
    test(`agree on random logs of ${set.id} [count:1-23]`, () =>
      fc.assert(
        fc.property(randomLog(schools, set.id), (log) => {
          const now = { ...log, knownAt: undefined };
          assert.deepEqual(answer(log.events, log), expected(recount(log.events, log)));
          assert.deepEqual(answer(log.events, now), expected(recount(log.events, now)));
        }),
        { numRuns: runs },
      ));
  }
  test('agree whatever the order in which streams are heard, and however often [arch:5]', () =>
    fc.assert(
      fc.property(
        fc.constantFrom(...sets.map((it) => it.id)).chain((it) => randomLog(schools, it)),
        fc.array(fc.nat(8), { minLength: 1, maxLength: 40 }),
        (log, picks) => {
          assert.deepEqual(answer(interleaved(log.events, picks), log), answer(log.events, log));
        },
      ),
      { numRuns: runs },
    ));
});
