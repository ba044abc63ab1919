import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { PUBLIC_EVENTS } from '@ateneo/contracts';
import { randomLog, type RandomLog } from './random-log.js';
import { recount, type Recount } from './recount.js';
import type { CatalogueSchool } from './derived-activities.js';

const path = new URL('../../../../services/school-network/catalogues/requirement-sets.json', import.meta.url);
const catalogue = JSON.parse(readFileSync(path, 'utf8')) as CatalogueSchool[];
const sets = catalogue.flatMap((school) => school.sets.map((set) => set.id));
const answer = (log: RandomLog, events = log.events): Recount | undefined => recount(events, log);
const figures = (it: Recount | undefined) => it?.sets.flatMap((set) => set.requirements) ?? [];

describe('random logs of every set', () => {
  test('a random log holds only events that the contracts allow [arch:3]', () => {
    const specs = new Map(PUBLIC_EVENTS.map((it) => [it.type, it.data]));
    fc.assert(
      fc.property(
        fc.constantFrom(...sets).chain((it) => randomLog(catalogue, it)),
        (log) => {
          for (const event of log.events)
            assert.deepEqual(specs.get(event.type)?.safeParse(event.data).error?.issues, undefined, event.type);
          assert.ok(log.events.every((event) => specs.has(event.type)));
        },
      ),
      { numRuns: 40 },
    );
  });
  for (const setId of sets) {
    test(`${setId}: definitive ≤ provisional ≤ logged, and the levels add up to n [res:E2.1]`, () =>
      fc.assert(
        fc.property(randomLog(catalogue, setId), (log) => {
          for (const it of figures(answer(log))) {
            assert.ok(it.definitive.n <= it.provisional.n && it.provisional.n <= it.logged, it.requirementId);
            for (const { n, levels, progress, met } of [it.definitive, it.provisional]) {
              if (Object.keys(levels).length > 0)
                assert.equal(
                  Object.values(levels).reduce((a, b) => a + b),
                  n,
                );
              if (progress) assert.equal(met, progress.numerator >= progress.denominator);
            }
          }
        }),
        { numRuns: 25 },
      ));
  }
  test('what was known at the end of a day never changes when later events arrive [res:E2.11]', () =>
    fc.assert(
      fc.property(
        fc.constantFrom(...sets).chain((it) => randomLog(catalogue, it)),
        (log) => {
          const knownAt = log.knownAt ?? log.asOf;
          const twoDaysLater = new Date(Date.parse(`${knownAt}T00:00:00Z`) + 2 * 86_400_000).toISOString();
          const then = log.events.filter((it) => it.time < twoDaysLater);
          assert.deepEqual(recount(log.events, { ...log, knownAt }), recount(then, { ...log, knownAt }));
        },
      ),
      { numRuns: 40 },
    ));
  test('streams interleaved in any order and events repeated change nothing [res:E2.3]', () =>
    fc.assert(
      fc.property(
        fc.constantFrom(...sets).chain((it) => randomLog(catalogue, it)),
        fc.infiniteStream(fc.nat()),
        (log, picks) => {
          const shuffled = [...log.events, ...log.events].map((it) => ({ it, at: picks.next().value })).sort((a, b) => a.at - b.at);
          assert.deepEqual(
            answer(
              log,
              shuffled.map(({ it }) => it),
            ),
            answer(log),
          );
        },
      ),
      { numRuns: 40 },
    ));
});
