import { randomUUID } from 'node:crypto';
import { after, before, describe } from 'node:test';
import { connectMongo } from '@ateneo/event-sourcing/mongo';
import type { Connection } from 'mongoose';
import { mongoMissing, type RunningMongo, startMongo } from '../../workspace/src/mongo.mjs';

/** How the server is called in titles: much of MongoDB is missing in the stand-in. */
export const MONGO = process.env['MONGODB_URL'] ? 'MongoDB' : 'the MongoDB stand-in';

export type Server = { readonly url: string; readonly connection: Connection };

/** Tests on one server with a connection; skipped, with the reason, where no server can be had. */
export function onMongo(what: string, tests: (server: () => Server) => void): void {
  describe(`${what} on ${MONGO}`, { skip: mongoMissing() }, () => {
    let running: RunningMongo | undefined;
    let connection: Connection | undefined;
    before(async () => {
      running = await startMongo();
      connection = await connectMongo(running.url, { timeoutMs: 10_000 });
    });
    after(async () => {
      await connection?.close();
      await running?.stop();
    });
    tests(() => ({ url: running!.url, connection: connection! }));
  });
}

/** A database of its own, dropped at the end. */
export async function inDatabase(connection: Connection, body: (database: string) => Promise<void>): Promise<void> {
  const database = `test_${randomUUID().slice(0, 8)}`;
  try {
    await body(database);
  } finally {
    await connection.getClient().db(database).dropDatabase();
  }
}
