import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { buildWhatIsStale } from '../../../libs/workspace/src/build.mjs';
import { runDistributedChaos } from '../../../libs/workspace/src/chaos/distributed.js';
import { tableOf } from '../../../libs/workspace/src/chaos/trouble-maker.js';
import { mongoMissing } from '../../../libs/workspace/src/mongo.mjs';
import { natsMissing } from '../../../libs/workspace/src/nats.mjs';
import { BENCH_ENVIRONMENT, makeBenchWorld } from '../bench/bench-world.js';

const TROUBLES = 4;
const SEED = 71;

describe('the distributed form in trouble under load', { skip: natsMissing() ?? mongoMissing() ?? false }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'ateneo-chaos-world-'));
  before(async () => {
    assert.notEqual(await buildWhatIsStale(), undefined);
    await makeBenchWorld(folder, { trainees: 4 });
  });
  after(() => rmSync(folder, { recursive: true, maxRetries: 3 }));

  test(
    `${TROUBLES} troubles lose no acknowledged command, count nothing twice and end with everything taken up again [issue4:7]`,
    { timeout: 400_000 },
    async (t) => {
      const say = (line: string) => t.diagnostic(line);
      const verdict = await runDistributedChaos({
        troubles: TROUBLES,
        seed: SEED,
        seconds: 20,
        reporting: 2,
        longestPauseMs: 4_000,
        from: { folder, masterKey: BENCH_ENVIRONMENT.MASTER_KEY },
        env: BENCH_ENVIRONMENT,
        say,
      });
      for (const line of tableOf(verdict.troubles)) say(line);
      assert.deepEqual(verdict.findings, []);
      assert.ok(verdict.acknowledged > TROUBLES && verdict.suspensions > 0, `${verdict.acknowledged} acknowledged`);
      const { imports, reportRuns, backups } = verdict;
      assert.ok(Math.min(imports, reportRuns, backups) > 0, JSON.stringify({ imports, reportRuns, backups }));
    },
  );
});
