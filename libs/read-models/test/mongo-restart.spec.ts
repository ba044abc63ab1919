import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { connectMongo, openMongoReadModels } from '@ateneo/read-models/mongo';
import { MONGO } from '../../event-sourcing/conformance/on-mongo.conformance.js';
import { mongoMissing, startMongo } from '../../workspace/src/mongo.mjs';
import { books } from '../conformance/read-models.conformance.js';
import { FencedError } from '../src/index.js';

const skip = mongoMissing() ?? (process.env['MONGODB_URL'] ? 'the server that MONGODB_URL names is not ours to stop' : false);
const BOUND_MS = 3_000;

test(`a server that goes away is told within a bound; when it is back, everything goes on, on ${MONGO} [arch:2]`, { skip }, async () => {
  const store = await mkdtemp(join(tmpdir(), 'mongo-restart-'));
  let server = await startMongo({ store });
  const connection = await connectMongo(server.url, { timeoutMs: BOUND_MS });
  const models = await openMongoReadModels({ connection, service: 'library', database: 'test_restart' });
  const build = await models.openBuild('library', '1.1', [books]);
  await models.switchTo('library', '1.1');
  const unit = await build.claim!('p01');
  const commit = (pages: number) =>
    unit.commit({
      documents: [{ collection: 'books', id: 'a', document: { id: 'a', title: 'a', shelf: null, pages }, positions: {} }],
      checkpoints: [{ origin: 'library', epoch: 'e', mappingVersion: 1, position: pages }],
      aside: [],
      released: [],
    });
  await commit(1);
  await server.stop();
  await assert.rejects(commit(2), (error: Error) => !(error instanceof FencedError));
  await assert.rejects(models.collection('library', books).count());
  await assert.rejects(unit.checkpoints());
  await assert.rejects(commit(2), FencedError); // it may have been committed or not: to be read first
  server = await startMongo({ store, port: server.port });
  assert.deepEqual((await unit.checkpoints())[0]?.position, 1);
  await commit(2);
  assert.equal((await models.collection('library', books).get('a'))?.pages, 2);
  await models.close();
  await connection.close();
  await server.stop();
  await rm(store, { recursive: true });
});
