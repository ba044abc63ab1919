import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { sampleEvent, sampleStream } from '../conformance/event-store.conformance.js';
import { openSqliteEventStore } from '../src/sqlite/sqlite-event-store.js';

const [folder = '', count = '0'] = process.argv.slice(2);
const store = await openSqliteEventStore({ file: `${folder}/traced.events.sqlite`, hashKey: randomBytes(32), now: Date.now });
const before = (await store.inspect()).commits;
for (let i = 0; i < Number(count); i += 1) await store.append({ stream: sampleStream(), expectedRevision: -1, events: [sampleEvent()] });
writeFileSync(`${folder}/commits`, `${before} ${(await store.inspect()).commits}`);
await store.close();
