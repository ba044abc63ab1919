import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { AteneoClient } from '@ateneo/client';
import { career, logbook, reporting } from '@ateneo/contracts';
import { demoAccessToken } from '@ateneo/demo';
import { positionToken, readPositionToken } from '@ateneo/messaging';
import { RunningPlatform } from './running-platform.js';
import { anEntry, newId, type School, type Trainee } from './small-world.js';

/** The same service, far after everything that it wrote. */
const notYet = (token: string | undefined): string => {
  const position = readPositionToken(token ?? '');
  assert.ok(position);
  return positionToken({ ...position, position: position.position + 1_000_000 });
};

describe('what was done is seen', () => {
  let platform: RunningPlatform;
  let school: School;
  let trainee: Trainee;
  before(async () => {
    platform = await RunningPlatform.start({ demo: true });
    school = platform.world.schools[0];
    trainee = school.trainees[0] as Trainee;
  });
  after(() => platform.close());

  const suspend = (from: string) => ({
    enrolmentId: trainee.enrolmentId,
    suspensionId: newId(),
    kind: 'illness' as const,
    from,
    to: from,
  });
  const clientOf = async (username: string) =>
    new AteneoClient({ baseUrl: platform.running.url, token: (await demoAccessToken(platform.running.url, username)) ?? '' });

  test('a query with the tokens of two services waits for both, within one bound [rev:cor-6]', async () => {
    const suspended = await platform.done(career.recordSuspension, suspend('2026-11-03'), school.secretary.caller);
    const recorded = await platform.done(logbook.recordEntry, anEntry(newId()), trainee.caller);
    assert.ok(suspended.token && recorded.token);
    const counters = (...tokens: string[]) =>
      platform.done(reporting.showCounters, { traineeId: trainee.personId, after: tokens.join('.') }, trainee.caller);
    assert.equal((await counters(suspended.token, recorded.token)).stale, undefined);
    assert.equal((await counters(notYet(suspended.token), recorded.token)).stale, true);
    assert.equal((await counters(suspended.token, notYet(recorded.token))).stale, true);
  });

  test('after a career command and a logbook command a reporting query of the client shows both [rev:cor-6]', async () => {
    const [secretary, self] = [await clientOf(school.secretary.username), await clientOf(trainee.username)];
    const before = await self.call(reporting.showCounters, { traineeId: trainee.personId });
    const logged = ({ sets }: typeof before) => sets.flatMap(({ requirements }) => requirements).find((one) => one.logged > 0)?.logged ?? 0;
    const isSuspended = async () =>
      (await secretary.call(reporting.listTrainees, { schoolId: school.schoolId })).trainees.find(
        (row) => row.traineeId === trainee.personId,
      )?.suspended;
    for (let day = 10; day < 20; day++) {
      await self.call(logbook.recordEntry, anEntry(newId(), { performedOn: `2026-03-${day}` }));
      const after = await self.call(reporting.showCounters, { traineeId: trainee.personId });
      assert.equal(logged(after), logged(before) + day - 9);
    }
    const { suspensionId, ...suspension } = suspend(platform.running.platform.clock.today());
    for (let time = 0; time < 10; time++) {
      await secretary.call(career.recordSuspension, { ...suspension, suspensionId: `${suspensionId.slice(0, -1)}${time}` });
      assert.equal(await isSuspended(), true);
      await secretary.call(career.correctSuspension, {
        ...suspension,
        suspensionId: `${suspensionId.slice(0, -1)}${time}`,
        withdrawn: true,
      });
      assert.equal(await isSuspended(), false);
    }
  });
});
