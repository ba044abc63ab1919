import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { administratorJourneys } from './administrator.js';
import { keyboardJourneys } from './keyboard.js';
import { pageJourneys } from './pages.js';
import { schoolJourneys } from './school.js';
import { traineeJourneys } from './trainee.js';
import { tutorJourneys } from './tutor.js';
import { chromiumPath, startWorld, type World } from './world.js';

const parts = {
  trainee: traineeJourneys,
  tutor: tutorJourneys,
  school: schoolJourneys,
  administrator: administratorJourneys,
  keyboard: keyboardJourneys,
  pages: pageJourneys,
};
/** The pages of a trainee are opened, and looked at, some eighty times. */
const WITHIN_MS = 300_000;
const skip = chromiumPath() === undefined && 'no Chromium on this machine';

describe('journeys in a browser', { skip }, () => {
  let world: World;
  before(
    async () => {
      world = await startWorld();
    },
    { timeout: WITHIN_MS },
  );
  after(() => world?.stop());

  for (const [part, journeys] of Object.entries(parts))
    describe(part, () => {
      for (const { title, run } of journeys)
        test(title, { timeout: WITHIN_MS }, async () => {
          await assert.doesNotReject(run(world));
        });
    });
});
