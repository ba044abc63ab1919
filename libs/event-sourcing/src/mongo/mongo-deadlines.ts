import { randomUUID } from 'node:crypto';
import type { Connection, mongo } from 'mongoose';
import type { Deadline, DeadlineTable } from '../deadlines.js';
import { databaseOf, isDuplicate } from './connection.js';

/** `claim`: some instance is firing it; it comes back at `nextAt` where that instance does not end it. */
type StoredDeadline = {
  readonly _id: string;
  readonly dueAt: number;
  readonly payload: string;
  readonly attempts: number;
  readonly nextAt: number;
  readonly claim?: string | null;
};

const FIRING_MS = 60_000;
const CLAIMED_AT_ONCE = 20;

/** The deadlines of a service, shared by its instances: one that is due is given to one of them, and to another a minute later where it did not end it. */
export async function openMongoDeadlines(options: { readonly connection: Connection; readonly database: string }): Promise<DeadlineTable> {
  const deadlines = databaseOf(options.connection, options.database).collection<StoredDeadline>('deadlines');
  await deadlines.createIndex({ nextAt: 1 });
  return {
    async put({ id, dueAt, payload }) {
      const text = JSON.stringify(payload ?? null);
      const firing = await deadlines.updateOne({ _id: id, dueAt, claim: { $ne: null } }, { $set: { payload: text } });
      if (firing.matchedCount > 0) return;
      await upsert(deadlines, id, { dueAt, payload: text, attempts: 0, nextAt: dueAt, claim: null });
    },
    async remove(id, dueAt) {
      await deadlines.deleteOne(dueAt === undefined ? { _id: id } : { _id: id, dueAt });
    },
    async postpone(id, attempts, until) {
      await deadlines.updateOne({ _id: id }, { $set: { attempts, nextAt: until, claim: null } });
    },
    due: (now, limit) => claimDue(deadlines, now, Math.min(limit, CLAIMED_AT_ONCE)),
    async nextAt() {
      const [next] = await deadlines
        .find({}, { projection: { nextAt: 1 } })
        .sort({ nextAt: 1 })
        .limit(1)
        .toArray();
      return next?.nextAt;
    },
  };
}

async function claimDue(deadlines: mongo.Collection<StoredDeadline>, now: number, limit: number): Promise<Deadline[]> {
  const claim = randomUUID();
  const order = { dueAt: 1, _id: 1 } as const;
  const due = await deadlines
    .find({ nextAt: { $lte: now } }, { projection: { _id: 1 } })
    .sort(order)
    .limit(limit)
    .toArray();
  if (due.length === 0) return [];
  const ids = due.map(({ _id }) => _id);
  await deadlines.updateMany({ _id: { $in: ids }, nextAt: { $lte: now } }, { $set: { claim, nextAt: now + FIRING_MS } });
  const mine = await deadlines
    .find({ _id: { $in: ids }, claim })
    .sort(order)
    .toArray();
  return mine.map(({ _id, dueAt, payload, attempts }) => ({ id: _id, dueAt, payload: JSON.parse(payload) as unknown, attempts }));
}

async function upsert(deadlines: mongo.Collection<StoredDeadline>, id: string, fields: Omit<StoredDeadline, '_id'>): Promise<void> {
  const write = () => deadlines.updateOne({ _id: id }, { $set: fields }, { upsert: true });
  await write().catch((error: unknown) => {
    if (!isDuplicate(error)) throw error;
    return write(); // another instance made it at the same moment
  });
}
