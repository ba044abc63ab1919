import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { connectMongo, databaseOf } from '@ateneo/event-sourcing/mongo';
import { mongo } from 'mongoose';

type Row = Readonly<Record<string, unknown>>;
type Table = { readonly sql: string; readonly collection: string; readonly document: (row: Row) => { readonly _id: string } & Row };

const bytes = (of: unknown): mongo.Binary => new mongo.Binary(of as Uint8Array);
const idOf = (row: Row, column: string): string => String(row[column]);

/** What the composed process keeps in a service's keys file, as the service keeps it in MongoDB: keys of people, and identity's credentials. */
const TABLES: readonly Table[] = [
  {
    sql: 'SELECT person, wrapped FROM keys',
    collection: 'person-keys',
    document: (row) => ({ _id: idOf(row, 'person'), wrapped: bytes(row['wrapped']) }),
  },
  { sql: 'SELECT person FROM erased', collection: 'person-keys', document: (row) => ({ _id: idOf(row, 'person'), erased: true }) },
];
const CREDENTIALS: readonly Table[] = [
  {
    sql: 'SELECT hash, person FROM username',
    collection: 'user-names',
    document: (row) => ({ _id: idOf(row, 'hash'), person: row['person'] }),
  },
  {
    sql: 'SELECT account, hash FROM account_secret',
    collection: 'account-secrets',
    document: (row) => ({ _id: idOf(row, 'account'), hash: row['hash'] }),
  },
  {
    sql: 'SELECT person, place, role, note_it, note_en FROM demo_person',
    collection: 'demo-people',
    document: (row) => ({
      _id: idOf(row, 'person'),
      place: row['place'],
      role: row['role'],
      note: { it: row['note_it'], en: row['note_en'] },
    }),
  },
];

/** Puts the keys of a demo that the composed process seeded where the deployed services look for them. Nothing that is there is changed. */
export async function carryKeys(url: string, services: readonly string[], folderOf: (service: string) => string): Promise<void> {
  const connection = await connectMongo(url);
  try {
    for (const service of services) {
      const file = join(folderOf(service), `${service}.keys.sqlite`);
      if (!existsSync(file)) continue;
      const from = new DatabaseSync(file, { readOnly: true });
      const to = databaseOf(connection, `ateneo_${service}_keys`);
      for (const { sql, collection, document } of service === 'identity' ? [...TABLES, ...CREDENTIALS] : TABLES) {
        const documents = from.prepare(sql).all().map(document);
        for (const { _id, ...fields } of documents)
          await to.collection<{ _id: string }>(collection).updateOne({ _id }, { $setOnInsert: fields }, { upsert: true });
      }
      from.close();
    }
  } finally {
    await connection.close();
  }
}
