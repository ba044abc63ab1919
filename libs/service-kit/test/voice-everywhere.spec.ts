import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

type Line = { readonly part?: string; readonly what?: string; readonly correlationId?: string; readonly msg: string };

describe('a service that the kit assembles, each of whose parts fails once', () => {
  let lines: Line[] = [];
  let metrics = '';
  let left: string[] = [];

  before(async () => {
    const child = fileURLToPath(new URL('voice.child.ts', import.meta.url));
    const isOfLoading = (flag: string, index: number, flags: string[]) =>
      /^--(conditions|import|enable-source-maps)/.test(flag) || /^--(conditions|import)$/.test(flags[index - 1] ?? '');
    const run = promisify(execFile)(process.execPath, [...process.execArgv.filter(isOfLoading), child], { timeout: 60_000 });
    const { stdout, stderr } = await run;
    ({ left, metrics } = JSON.parse(stdout) as { left: string[]; metrics: string });
    lines = stderr
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Line)
      .filter(({ part }) => part !== undefined);
  });

  const told = (part: string): string[] =>
    lines
      .filter((line) => line.part === part && / fail/.test(line.msg))
      .map(({ what, correlationId }) => [what, correlationId].filter(Boolean).join(', '));
  const counted = (part: string, kind: string): number =>
    Number(new RegExp(`ateneo_problems_total\\{service="\\w+",part="${part}",kind="${kind}"\\} (\\d+)`).exec(metrics)?.[1] ?? 0);

  for (const [part, kind, ...whats] of [
    ['publisher', 'failure', 'mapping of library, of-the-loan'],
    ['follower', 'failure', 'library.reader from library'],
    ['projection', 'failure', 'library.loans folds', 'library.loans from own'],
    ['reaction', 'away', 'when-book-borrowed-then-remind'],
    ['leases', 'failure', 'library.sweeping: one could not begin'],
    ['operation', 'failure', 'career.show-career asked, of-the-call'],
  ] as const)
    test(`${part}: a log line with what failed and its correlation id, and the metric counts it by kind [rev:arch-5]`, () => {
      assert.deepEqual(told(part).sort(), [...whats].sort());
      assert.equal(counted(part, kind), whats.length);
    });

  test('nothing goes on in the end, and all has failed [rev:arch-5]', () => {
    assert.deepEqual(left, []);
    assert.doesNotMatch(metrics, /^ateneo_problem_seconds\{/m);
  });
});
