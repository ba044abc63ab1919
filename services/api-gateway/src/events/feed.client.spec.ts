import assert from 'node:assert/strict';
import type { Problem } from '@ateneo/event-sourcing';
import { createMemoryBus } from '@ateneo/messaging';
import { Feed } from './feed.client.js';

const ALL = { limit: 10, sees: () => true };
const eventOf = (service: string) => ({
  specversion: '1.0',
  id: service,
  service,
  type: `${service}.told.v1`,
  subject: 's',
  time: '2026-11-02T08:00:00Z',
  position: 1,
  partition: 0,
});
const pageOf = (service: string) => ({ service, epoch: 'e', mappingVersion: 1, next: 1, head: 1, events: [eventOf(service)] });

test('a service that hangs is named and holds no other back, and its events come when it answers again [rev:arch-11]', async () => {
  const bus = createMemoryBus();
  let [hangs, asked] = [true, 0];
  bus.serve('replay.logbook', 'logbook', () => pageOf('logbook'));
  bus.serve('replay.career', 'career', () => ((asked += 1), hangs ? new Promise<never>(() => undefined) : pageOf('career')));
  const problems: Problem[] = [];
  const feed = new Feed(bus, (problem) => void problems.push(problem), { originMs: 50, silentMs: 100 });
  const told = async () => {
    const { events, silent } = await feed.page(new Map(), ALL);
    return [events.map(({ service }) => service).sort(), silent];
  };
  assert.deepEqual(await told(), [['logbook'], ['career']]);
  assert.deepEqual(await told(), [['logbook'], ['career']]);
  assert.deepEqual([...(await feed.heads()).keys()], ['logbook']);
  assert.equal(asked, 1);
  assert.deepEqual(
    problems.map(({ what, is }) => [what, is]),
    [['feed from career', 'goes-on']],
  );
  hangs = false;
  await new Promise((resolve) => setTimeout(resolve, 150));
  assert.deepEqual(await told(), [['career', 'logbook'], undefined]);
  assert.equal(problems.at(-1)?.is, 'over');
  await bus.close();
});
