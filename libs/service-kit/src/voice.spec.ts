import assert from 'node:assert/strict';
import { AwayError, type OnProblem } from '@ateneo/event-sourcing';
import type { Logger } from './log.js';
import { Metrics } from './metrics.js';
import { Voice } from './voice.js';

type Line = { readonly level: string; readonly message: string; readonly times?: number };
const place = { part: 'reaction', what: 'when-a-then-b', service: 'career' } as const;

function voice() {
  const lines: Line[] = [];
  const at = { now: Date.parse('2026-11-29T10:00:00Z') };
  const logs = (level: string) => (fields: object, message: string) => void lines.push({ level, message, ...fields });
  const log: Logger = { debug: logs('debug'), info: logs('info'), warn: logs('warn'), error: logs('error'), child: () => log };
  const metrics = new Metrics('career');
  const heard = new Voice({ service: 'career', log, metrics, now: () => at.now });
  const hear: OnProblem = heard.hear;
  return { hear, heard, lines, at, metrics };
}

describe('the voice', () => {
  test('a failure that repeats is logged at the 1st, 2nd, 4th, 8th time and once a minute, with its count [rev:arch-5]', () => {
    const { hear, lines, at } = voice();
    for (let n = 0; n < 10; n += 1) hear({ ...place, is: 'goes-on', error: new Error('no pen') });
    at.now += 60_000;
    hear({ ...place, is: 'goes-on', error: new Error('no pen') });
    assert.deepEqual(
      lines.map(({ message, level, times }) => [message, level, times]),
      [1, 2, 4, 8, 11].map((times) => ['reaction fails', 'error', times]),
    );
  });

  test('its end is told once, with how long it went on [rev:arch-5]', () => {
    const { hear, heard, lines, at } = voice();
    hear({ ...place, is: 'goes-on', error: new AwayError('the database is away') });
    at.now += 90_000;
    hear({ ...place, is: 'over' });
    hear({ ...place, is: 'over' });
    assert.deepEqual(
      lines.map(({ level, message }) => `${level}: ${message}`),
      ['warn: reaction fails', 'info: reaction works again after 90 s'],
    );
    const [row] = heard.of('career');
    assert.deepEqual([row?.goesOn, row?.since, row?.last], [false, '2026-11-29T10:00:00.000Z', '2026-11-29T10:01:30.000Z']);
    at.now += 3_600_001;
    assert.deepEqual(heard.of('career'), []);
  });

  test('a failure that a person may ask about is found by its correlation id, however many there are [rev:arch-5]', () => {
    const { hear, lines } = voice();
    for (let n = 0; n < 7; n += 1)
      hear({ part: 'operation', what: 'career.enrol', is: 'happened', error: new Error('x'), correlationId: `c${n}` });
    assert.equal(lines.length, 7);
  });

  test('a row says what fails, not what the error quotes [rev:arch-5]', () => {
    const { hear, heard } = voice();
    const quoting = Object.assign(new Error('E11000 duplicate key: { name: "Quirxtel" }'), { name: 'MongoServerError', code: 11000 });
    hear({ ...place, is: 'goes-on', error: quoting });
    assert.deepEqual(
      heard.of('career').map(({ reason, goesOn, times }) => ({ reason, goesOn, times })),
      [{ reason: 'MongoServerError 11000', goesOn: true, times: 1 }],
    );
    assert.deepEqual(heard.of('logbook'), []);
  });

  test('a metric counts failures by part and kind, another says for how long the oldest goes on [rev:arch-5]', async () => {
    const { hear, at, metrics } = voice();
    hear({ ...place, is: 'goes-on', error: new AwayError('x') });
    hear({ ...place, what: 'when-c-then-d', is: 'goes-on', error: new Error('x') });
    at.now += 5_000;
    const text = await metrics.registry.metrics();
    assert.match(text, /ateneo_problems_total\{service="career",part="reaction",kind="away"\} 1\n/);
    assert.match(text, /ateneo_problems_total\{service="career",part="reaction",kind="failure"\} 1\n/);
    assert.match(text, /ateneo_problem_seconds\{service="career",part="reaction"\} 5\n/);
    for (const what of ['when-a-then-b', 'when-c-then-d']) hear({ ...place, what, is: 'over' });
    assert.doesNotMatch(await metrics.registry.metrics(), /ateneo_problem_seconds\{/);
  });

  test('of too many problems the rows that are over go first [rev:arch-5]', () => {
    const { hear, heard, at } = voice();
    hear({ ...place, is: 'goes-on', error: new Error('x') });
    for (let n = 0; n < 600; n += 1, at.now += 1) hear({ part: 'report', what: `r${n}`, is: 'happened', error: new Error('x') });
    const rows = heard.of('career');
    assert.deepEqual([rows.length, rows[0]?.what, rows[1]?.what], [100, 'when-a-then-b', 'r599']);
  });
});
