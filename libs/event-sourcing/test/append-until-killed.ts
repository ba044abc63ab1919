import { randomUUID } from 'node:crypto';
import { openSync, writeSync } from 'node:fs';
import { sampleEvent, sampleStream } from '../conformance/event-store.conformance.js';
import { openSqliteEventStore } from '../src/sqlite/sqlite-event-store.js';

const [folder = '', acks = '', hashKey = ''] = process.argv.slice(2);
const store = await openSqliteEventStore({ file: `${folder}/sample.events.sqlite`, hashKey: Buffer.from(hashKey, 'hex'), now: Date.now });
const file = openSync(acks, 'w');

async function appendForEver(): Promise<never> {
  for (const stream = sampleStream(); ;) {
    const id = randomUUID();
    const revision = (await store.readStream(stream)).length - 1;
    const result = await store.append({ stream, expectedRevision: revision, events: [sampleEvent({}, id)] });
    if (!result.ok) throw new Error('the only writer of a stream was refused');
    writeSync(file, `${id}\n`);
  }
}

await Promise.all(Array.from({ length: 64 }, appendForEver));
