import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { buildWhatIsStale } from '../../../libs/workspace/src/build.mjs';
import { runChaos } from '../../../libs/workspace/src/chaos/run.js';
import { commandLine, MASTER_KEY, RunningPlatform } from './running-platform.js';

const KILLS = 12;
const SEED = 402;

describe('the whole process killed under load', () => {
  let platform: RunningPlatform;
  before(async () => {
    assert.notEqual(await buildWhatIsStale(), undefined);
    platform = await RunningPlatform.start({ demo: true });
    await platform.stop();
  });
  after(() => platform.close());

  test(
    `${KILLS} kills lose no acknowledged command and count nothing twice, among imports, report runs, backups and rebuilds [arch:4, issue8:4]`,
    { timeout: 400_000 },
    async (t) => {
      const { findings, kills, acknowledged, repeated, imports, reportRuns, backups, rebuilds } = await runChaos({
        kills: KILLS,
        seed: SEED,
        seconds: 220,
        dataDir: platform.data,
        env: { MASTER_KEY },
        say: (line) => t.diagnostic(line),
      });
      assert.deepEqual(findings, []);
      assert.equal(kills, KILLS);
      assert.ok(acknowledged > KILLS && repeated > 0, `${acknowledged} acknowledged, ${repeated} sent again`);
      assert.ok(Math.min(imports, reportRuns, backups, rebuilds) > 0, JSON.stringify({ imports, reportRuns, backups, rebuilds }));
      const checked = await commandLine(platform.environment, 'check');
      assert.deepEqual([checked.code, checked.complained], [0, []]);
    },
  );
});
