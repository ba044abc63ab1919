import { isDuplicatesOnly } from '@ateneo/event-sourcing/mongo';
import { mongo } from 'mongoose';
import { type BuildCollections, CONTENT, type Pending, type StoredDocument, type Write } from './layout.js';

const INLINE_BYTES = 256 * 1_024;
const PART_BYTES = 8 * 1_024 * 1_024;
const ATTEMPTS = 5;
const NO_CONTENT = Object.fromEntries(CONTENT.map((field) => [field, true as const]));

/** Writes down what a commit is about to change: in the answer itself where it is small, else in parts beside the documents. */
export async function record(at: BuildCollections, unit: string, seq: number, token: string, writes: readonly Write[]): Promise<Pending> {
  const parts = split(writes);
  if (parts.length === 1 && parts[0]!.bytes <= INLINE_BYTES) return { seq, token, parts: 0, writes };
  for (const [n, part] of parts.entries()) await at.parts.insertOne({ _id: `${token}/${n}`, unit, seq, token, writes: part.writes });
  return { seq, token, parts: parts.length, writes: [] };
}

/** The writes of a batch that somebody committed; undefined where another has finished it meanwhile. */
export async function recorded(at: BuildCollections, { token, parts, writes }: Pending): Promise<readonly Write[] | undefined> {
  if (parts === 0) return writes;
  const ids = Array.from({ length: parts }, (_, n) => `${token}/${n}`);
  const found = await at.parts.find({ _id: { $in: ids } }).toArray();
  return found.length === parts ? found.flatMap((part) => part.writes) : undefined;
}

export async function forget(at: BuildCollections, { token, parts }: Pending): Promise<void> {
  if (parts > 0) await at.parts.deleteMany({ _id: { $in: Array.from({ length: parts }, (_, n) => `${token}/${n}`) } });
}

/** Writes the documents of a committed batch; those that a later batch has written stay as they are. It may be repeated. */
export async function apply(at: BuildCollections, unit: string, seq: number, writes: readonly Write[]): Promise<void> {
  const byCollection = Map.groupBy(writes, ({ to }) => to);
  await Promise.all([...byCollection].map(([to, list]) => applyTo(at.documents(to), unit, seq, list)));
}

async function applyTo(to: mongo.Collection<StoredDocument>, unit: string, seq: number, writes: readonly Write[]): Promise<void> {
  let left = writes;
  for (let attempt = 1; left.length > 0; attempt += 1) {
    try {
      await to.bulkWrite(
        left.map((write) => operation(write, unit, seq)),
        { ordered: false },
      );
      return;
    } catch (error) {
      if (attempt === ATTEMPTS || !isDuplicatesOnly(error)) throw error;
    }
    // Either a later batch stands there, or an older one was made at the same moment: then it is to be replaced.
    const ids = left.map(({ id }) => id);
    const older = await to.find({ _id: { $in: ids }, batch: { $lt: seq } }, { projection: { _id: 1 } }).toArray();
    const again = new Set(older.map(({ _id }) => _id));
    left = left.filter(({ id }) => again.has(id));
  }
}

function operation(write: Write, unit: string, seq: number): mongo.AnyBulkWriteOperation<StoredDocument> {
  const filter = { _id: write.id, batch: { $lt: seq } };
  if ('set' in write) return { updateOne: { filter, update: { $set: { ...write.set, batch: seq } } } };
  if ('gone' in write.put) {
    // how long it stays is told by the clock of the database: an instance's own may be wrong by hours
    const update = { $set: { unit, batch: seq }, $unset: NO_CONTENT, $currentDate: { gone: true as const } };
    return { updateOne: { filter, update, upsert: true } };
  }
  return { replaceOne: { filter, replacement: { ...write.put, unit, batch: seq }, upsert: true } };
}

function split(writes: readonly Write[]): { writes: Write[]; bytes: number }[] {
  const parts = [{ writes: [] as Write[], bytes: 0 }];
  for (const write of writes) {
    const bytes = mongo.BSON.calculateObjectSize(write);
    let part = parts.at(-1)!;
    if (part.bytes > 0 && part.bytes + bytes > PART_BYTES) parts.push((part = { writes: [], bytes: 0 }));
    part.writes.push(write);
    part.bytes += bytes;
  }
  return parts;
}
