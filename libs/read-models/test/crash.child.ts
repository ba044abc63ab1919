import { createMemoryEventBus, Publisher } from '@ateneo/messaging';
import { openSqliteEventStore } from '@ateneo/event-sourcing';
import { join } from 'node:path';
import { openSqliteReadModels, ProjectionRunner } from '../src/index.js';
import { counting } from './crash-counting.js';

/** Appends to ten boxes and projects them until it is killed; says so after each append that was acknowledged. */
const folder = process.argv[2]!;
const store = await openSqliteEventStore({
  file: join(folder, 'depot.events.sqlite'),
  hashKey: Buffer.alloc(32, 1),
  now: () => Date.now(),
});
const readModels = await openSqliteReadModels({ file: join(folder, 'reader.views.sqlite') });
const events = createMemoryEventBus();
events.register(
  new Publisher({
    service: 'depot',
    store,
    mappingVersion: 1,
    publicUrl: 'http://localhost',
    mappings: { box: ({ data }) => ({ type: 'depot.added.v1', data }) },
  }),
);
const runner = new ProjectionRunner({ service: 'reader', readModels, events, projections: [counting] });
await runner.start();
const metadata = { actor: { id: 'p', kind: 'person' as const }, scope: {}, correlationId: 'c' };
for (let n = 0; ; n++) {
  const stream = `box-${n % 10}`;
  const revision = (await store.readStream(stream)).length - 1;
  await store.append({
    stream,
    expectedRevision: revision,
    events: [{ id: crypto.randomUUID(), type: 'Added', version: 1, data: {}, metadata }],
  });
  process.stdout.write('.');
}
