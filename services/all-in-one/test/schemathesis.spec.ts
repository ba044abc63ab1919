import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { demoAccessToken } from '@ateneo/demo';
import { checkAnswers, prepareSchemathesis } from '../../../libs/workspace/src/schemathesis.mjs';
import { RunningPlatform } from './running-platform.js';

const state = prepareSchemathesis();
/** A stream that never ends, and the erasure of whoever asks. */
const EXCLUDED = ['/api/live', '/api/people/{personId}/erasure'];

describe('answers are as the OpenAPI document says', { skip: state.available ? false : state.because }, () => {
  test(
    'to made-up requests of a trainee: no undeclared status, type or shape, and no server error [rev:sec-14]',
    { timeout: 660_000 },
    async () => {
      const platform = await RunningPlatform.start({ demo: true });
      try {
        const trainee = platform.world.schools[0].trainees[0];
        assert.ok(trainee);
        const token = await demoAccessToken(platform.running.url, trainee.username);
        const { passed, output } = await checkAnswers({
          document: `${platform.running.url}/openapi.json`,
          headers: { authorization: `Bearer ${token}` },
          examples: 10,
          seed: 8,
          excluded: EXCLUDED,
        });
        assert.ok(passed, output.slice(Math.max(0, output.search(/=+ FAILURES =+/))));
      } finally {
        await platform.close();
      }
    },
  );
});
