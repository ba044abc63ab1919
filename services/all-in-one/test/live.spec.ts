import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { identity, logbook } from '@ateneo/contracts';
import { Browser } from './gateway-with-identity.js';
import { RunningPlatform } from './running-platform.js';
import { anEntry, newId, type Person, type Trainee } from './small-world.js';

const PASSWORD = 'una frase lunga e mia';

describe('a page that is open', () => {
  let platform: RunningPlatform;
  let trainee: Trainee;
  let browser: Browser;
  before(async () => {
    platform = await RunningPlatform.start();
    trainee = platform.world.schools[0].trainees[0] as Trainee;
    browser = await signedIn(trainee);
  });
  after(() => platform.close());

  const signedIn = async ({ personId, username }: Person): Promise<Browser> => {
    const fresh = new Browser(platform.running.url);
    const { link } = await platform.done(identity.inviteToSignIn, { personId }, platform.world.administrator.caller);
    await fresh.go('/auth/invitation', { form: { secret: new URL(link).searchParams.get('secret') as string, password: PASSWORD } });
    const { at } = await fresh.open('/auth/sign-in?return=/home');
    assert.equal((await fresh.open(at.href, { form: { username, password: PASSWORD } })).at.pathname, '/home');
    return fresh;
  };

  test('hears of its own counters and entries when something has changed, and asks again', async () => {
    const stop = new AbortController();
    const keys = [`counters:${trainee.personId}`, `entries:${trainee.personId}`];
    const response = await browser.go(`/api/live?keys=${keys.join(',')}`, { signal: stop.signal });
    assert.equal(response.status, 200);
    const heard = new Set<string>();
    let [text, sent] = ['', false];
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      text += Buffer.from(chunk).toString();
      for (const [, data] of text.matchAll(/^event: changed\ndata: (.+)\n\n/gm))
        heard.add((JSON.parse(data as string) as { key: string }).key);
      if (!sent && text.includes('event: ready')) {
        sent = true;
        await platform.done(logbook.recordEntry, anEntry(newId()), trainee.caller);
      }
      if (heard.size === keys.length) break;
    }
    stop.abort();
    assert.deepEqual([...heard].sort(), keys.sort());
    assert.equal((await browser.go(`/api/trainees/${trainee.personId}/counters`)).status, 200);
  });

  test("cannot follow another trainee's [res:C]", async () => {
    const other = platform.world.schools[1].trainees[0] as Trainee;
    for (const keys of [
      `counters:${other.personId}`,
      `entries:${other.personId}`,
      `career:${other.personId}`,
      `entries:${trainee.personId},entries:${other.personId}`,
      `entries:${newId()}`,
    ]) {
      assert.equal((await browser.go(`/api/live?keys=${keys}`)).status, 403, keys);
    }
  });

  test('ends with a problem once the right to what it shows has ended [rev:sec-3]', async () => {
    const [mine] = platform.world.schools;
    const { personId } = mine.director;
    const director = await signedIn(mine.director);
    const response = await director.go(`/api/live?keys=counters:${trainee.personId}`);
    assert.equal(response.status, 200);
    const gateway = { is: 'service', service: 'api-gateway' } as const;
    const { actor } = await platform.done(identity.findActor, { subject: personId }, gateway);
    const { caller } = platform.world.administrator;
    await platform.done(
      identity.grantProfile,
      { personId, profileId: newId(), role: 'tutor', schoolId: mine.schoolId, from: '2020-01-01' },
      caller,
    );
    for (const { profileId } of actor?.profiles ?? [])
      await platform.done(identity.endProfile, { personId, profileId, to: '2020-01-02' }, caller);
    assert.match(await response.text(), /event: problem\ndata: \{"code":"forbidden"\}\n\n$/);
  });

  test('of a secretariat hears nothing of another school in the feed [res:E2.9]', async () => {
    const [mine, other] = platform.world.schools;
    const secretary = await signedIn(mine.secretary);
    const { events } = (await (await secretary.go('/api/events?limit=1000')).json()) as { events: { schoolid?: string; type: string }[] };
    assert.ok(events.some(({ schoolid }) => schoolid === mine.schoolId));
    assert.equal(
      events.some(({ schoolid, type }) => schoolid === other.schoolId || type.startsWith('identity.')),
      false,
    );
  });
});
