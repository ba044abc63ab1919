import { writeSync } from 'node:fs';
import { databaseOf } from '@ateneo/event-sourcing/mongo';
import { createConnection } from 'mongoose';
import { books } from '../conformance/read-models.conformance.js';
import { MongoReadModels } from '../src/mongo/index.js';
import { first, second } from './mongo-crash.batches.js';

// Commits twice; right before the n-th write command of the second commit leaves this process, it is killed or stopped.
const [url, database, n, signal, titleLength] = process.argv.slice(2) as [string, string, string, NodeJS.Signals, string];
const connection = await createConnection(url, { monitorCommands: true }).asPromise();
const models = new MongoReadModels(databaseOf(connection, database), {}, connection);
const build = await models.openBuild('library', '1.1', [books]);
await models.switchTo('library', '1.1');
const unit = await build.claim!('p01');
await unit.commit(first(Number(titleLength)));
let commands = 0;
connection.getClient().on('commandStarted', ({ commandName }) => {
  if (!['insert', 'update', 'delete', 'findAndModify'].includes(commandName) || ++commands !== Number(n)) return;
  writeSync(1, 'stopped\n');
  process.kill(process.pid, signal);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
});
await unit.commit(second(Number(titleLength))).then(
  () => writeSync(1, 'committed\n'),
  (error: Error) => writeSync(1, `${error.name}\n`),
);
await models.close();
