import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';

const SKEW_MS = 3_600_000;

test('a process with a wrong clock has it wherever it asks for the time, and reads dates as ever [issue4:7]', () => {
  const script = `
    const read = new Date('2026-01-01T00:00:00Z').toISOString();
    console.log(JSON.stringify({ now: Date.now(), made: new Date().getTime(), said: Date.parse(Date()), read, is: new Date(0) instanceof Date }));
  `;
  const before = Date.now() + SKEW_MS;
  const said = execFileSync(process.execPath, ['-e', script], {
    encoding: 'utf8',
    env: {
      ...process.env,
      NODE_OPTIONS: `--import=${pathToFileURL(join(import.meta.dirname, '../src/chaos/clock-skew.mjs')).href}`,
      CLOCK_SKEW_MS: String(SKEW_MS),
    },
  });
  const after = Date.now() + SKEW_MS;
  const { now, made, said: text, read, is } = JSON.parse(said) as Record<string, number>;
  for (const time of [now, made]) assert.ok(time! >= before && time! <= after, said);
  assert.ok(text! >= before - 1_000 && text! <= after, said);
  assert.deepEqual([read, is], ['2026-01-01T00:00:00.000Z', true]);
});
