import { startMongo } from '@ateneo/workspace/mongo';
import { connectMongo, openMongoReadModels } from '../src/mongo/index.js';
import type { CollectionSpec } from '../src/index.js';

type Row = { readonly id: string; readonly traineeId: string; readonly state: string; readonly text: string };

const DOCUMENTS = 2_000;
const BATCH = 1_000;
const BATCHES = 20;
const ROUNDS = 3;
const spec: CollectionSpec<Row> = {
  name: 'rows',
  version: 1,
  columns: { traineeId: (row) => row.traineeId, state: (row) => row.state },
};

const rowsOf = (batch: number): Row[] =>
  Array.from({ length: BATCH }, (_, n) => {
    const id = `row-${(batch * BATCH + n * 7) % DOCUMENTS}`;
    return { id, traineeId: `trainee-${n % 50}`, state: batch % 2 === 0 ? 'submitted' : 'validated', text: 'x'.repeat(200) };
  });

/** Documents per second: commits of folded batches that a crash can neither lose nor double, against bulkWrite of the same documents without any guard; in turn, the best of three. */
export async function f12(): Promise<{ ours: number; reference: number }> {
  const server = await startMongo();
  const connection = await connectMongo(server.url);
  try {
    let [ours, reference] = [0, 0];
    for (let round = 0; round < ROUNDS; round++) {
      ours = Math.max(ours, await committed(server.url, round));
      const bare = connection.getClient().db('bare').collection<{ _id: string }>(`rows-${round}`);
      await bare.createIndex({ 'c.traineeId': 1 });
      const started = performance.now();
      for (let batch = 0; batch < BATCHES; batch++) {
        await bare.bulkWrite(
          rowsOf(batch).map((row) => ({
            replaceOne: {
              filter: { _id: row.id },
              replacement: { c: { traineeId: row.traineeId, state: row.state }, body: JSON.stringify(row) },
              upsert: true,
            },
          })),
          { ordered: false },
        );
      }
      reference = Math.max(reference, (BATCHES * BATCH * 1_000) / (performance.now() - started));
    }
    return { ours: Math.round(ours), reference: Math.round(reference) };
  } finally {
    await connection.close();
    await server.stop();
  }
}

async function committed(url: string, round: number): Promise<number> {
  const readModels = await openMongoReadModels({ url, service: `bench-${round}` });
  const build = await readModels.openBuild('rows', '1', [{ ...spec, indexes: [['traineeId']] }]);
  const started = performance.now();
  for (let batch = 0; batch < BATCHES; batch++) {
    const position = (batch + 1) * BATCH;
    const positions = { 'logbook/1': position };
    await build.commit({
      documents: rowsOf(batch).map((document) => ({ collection: spec.name, id: document.id, document, positions })),
      checkpoints: [{ origin: 'logbook', epoch: 'bench', mappingVersion: 1, position }],
      aside: [],
      released: [],
    });
  }
  const rate = (BATCHES * BATCH * 1_000) / (performance.now() - started);
  await readModels.close();
  return rate;
}
