import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { type EventStore, openSqliteEventStore } from '@ateneo/event-sourcing';
import { startNats } from '@ateneo/workspace/nats';
import { Publisher } from '../src/publisher.js';
import { connectNats, createNatsBus, createNatsEventBus, type NatsLink } from '../src/nats/index.js';

const EVENTS = 100_000;
const AT_ONCE = 1_000;
const WINDOW = 500;
const ROUNDS = 2;
const data = {
  traineeId: randomUUID(),
  schoolId: randomUUID(),
  activities: ['CHIR-402-02'],
  performedOn: '2026-03-14',
  note: 'x'.repeat(100),
};

async function fill(store: EventStore): Promise<void> {
  for (let n = 0; n < EVENTS; n += AT_ONCE) {
    const items = Array.from({ length: AT_ONCE }, () => ({
      stream: `logbookEntry-${randomUUID()}`,
      expectedRevision: -1,
      events: [
        {
          id: randomUUID(),
          type: 'EntryRecorded',
          version: 1,
          data,
          metadata: {
            actor: { id: data.traineeId, kind: 'person' as const },
            scope: { traineeId: data.traineeId },
            correlationId: randomUUID(),
          },
        },
      ],
    }));
    await store.appendMany(items);
  }
}

/** From the first event read until the stream holds all. */
async function relayed(link: NatsLink, store: EventStore, service: string): Promise<number> {
  const publisher = new Publisher({
    service,
    store,
    mappings: { logbookEntry: ({ data: published }) => ({ type: `${service}.entry-recorded.v1`, data: published }) },
    mappingVersion: 1,
    publicUrl: 'http://localhost',
  });
  const manager = await jetstreamManager(link.raw);
  const bus = createNatsEventBus({ connection: link, bus: createNatsBus(link) });
  const started = performance.now();
  bus.register(publisher);
  for (;;) {
    const { state } = await manager.streams.info(`events-${service}`).catch(() => ({ state: { messages: 0 } }));
    if (state.messages === EVENTS) break;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  const rate = (EVENTS * 1_000) / (performance.now() - started);
  await bus.close();
  await manager.streams.delete(`events-${service}`);
  return rate;
}

/** The same payloads, ready made, with message ids, a bounded number in flight. */
async function bare(link: NatsLink, payloads: readonly string[], stream: string): Promise<number> {
  const manager = await jetstreamManager(link.raw);
  await manager.streams.add({ name: stream, subjects: [`${stream}.>`] });
  const js = jetstream(link.raw);
  const started = performance.now();
  let next = 0;
  const lane = async () => {
    for (let n = next++; n < payloads.length; n = next++)
      await js.publish(`${stream}.entry.p${n % 64}`, payloads[n], { msgID: `${stream}-${n}` });
  };
  await Promise.all(Array.from({ length: WINDOW }, lane));
  const rate = (payloads.length * 1_000) / (performance.now() - started);
  await manager.streams.delete(stream);
  return rate;
}

/** F11: events per second from a store to its stream, against a bare pipelined publish of the same texts with message ids; the best of two, in turn. */
export async function f11(): Promise<{ ours: number; reference: number }> {
  const folder = mkdtempSync(join(tmpdir(), 'ateneo-f11-'));
  const nats = await startNats();
  const link = await connectNats({ url: nats.url, name: 'bench' });
  const store = await openSqliteEventStore({ file: join(folder, 'logbook.sqlite'), hashKey: randomBytes(32), now: Date.now });
  try {
    await fill(store);
    const text = JSON.stringify({
      ...data,
      id: randomUUID(),
      source: 'http://localhost/logbook',
      subject: randomUUID(),
      more: 'x'.repeat(250),
    });
    const payloads = Array.from({ length: EVENTS }, () => text);
    let [ours, reference] = [0, 0];
    for (let round = 0; round < ROUNDS; round++) {
      ours = Math.max(ours, await relayed(link, store, `bench${round}`));
      reference = Math.max(reference, await bare(link, payloads, `bare${round}`));
      console.error(`  ours ${Math.round(ours)}/s, reference ${Math.round(reference)}/s`);
    }
    return { ours: Math.round(ours), reference: Math.round(reference) };
  } finally {
    await link.close();
    await store.close();
    await nats.stop();
    rmSync(folder, { recursive: true });
  }
}
