import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { {{contextName}} } from '@ateneo/contracts';
import { uuidv8 } from '@ateneo/event-sourcing';
import { actor, TestPlatform } from '@ateneo/service-kit/testing';
import { {{Context}}Module } from '../src/{{context}}.module.js';

const id = (...parts: (string | number)[]) => uuidv8('test', ...parts);
const office = actor(id('office'), ['administrator', null]);
const reader = actor(id('reader'), ['trainee', id('school')]);

describe('{{context}}', () => {
  let app: TestPlatform;
  const states = async (after?: string) => {
    const listed = await app.done({{contextName}}.list{{Things}}, { after }, reader);
    return Object.fromEntries(listed.{{things}}.map(({ title, state }) => [title, state]));
  };
  const open = (title: string, closesOn: string) =>
    app.done({{contextName}}.open{{Thing}}, { {{thing}}Id: id(title), title, closesOn }, office);

  before(async () => {
    app = await TestPlatform.open('2026-03-10T09:00:00Z');
    await app.start('{{context}}', {{Context}}Module);
  });
  after(() => app.close());

  test('an office opens and closes, everybody reads [arch:7]', async () => {
    const { token } = await open('first', '2026-06-30');
    assert.deepEqual(await states(token), { first: 'open' });
    const closed = await app.done({{contextName}}.close{{Thing}}, { {{thing}}Id: id('first') }, office);
    assert.deepEqual(await states(closed.token), { first: 'closed' });
  });

  test('nobody but an office opens one [arch:3]', async () => {
    const reply = await app.call({{contextName}}.open{{Thing}}, { {{thing}}Id: id('theirs'), title: 'theirs', closesOn: '2026-06-30' }, reader);
    assert.deepEqual(reply, { ok: false, problem: { status: 403, code: 'forbidden' } });
  });

  test('what is open closes by itself when its last day in Rome is over, and nothing else does [set:X8]', async () => {
    await open('until the twelfth', '2026-03-12');
    const { token } = await open('until the thirteenth', '2026-03-13');
    app.platform.clock.set(Date.parse('2026-03-12T23:00:01Z'));
    await app.soon(states, (seen) => seen['until the twelfth'] === 'closed');
    assert.equal((await states(token))['until the thirteenth'], 'open');
  });
});
