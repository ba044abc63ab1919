import { databaseOf, isDuplicate } from '@ateneo/event-sourcing/mongo';
import type { Connection } from 'mongoose';
import type { Checkpoint } from '../document-store.js';
import type { Checkpoints, ParkedEvent } from '../reaction.js';

type StoredCheckpoint = Checkpoint & { readonly _id: string; readonly reaction: string };
type StoredParked = ParkedEvent & { readonly _id: string };

/** Checkpoints of a service's reactions, shared by its instances. One that comes late does not move a checkpoint back. */
export async function openMongoCheckpoints(options: { readonly connection: Connection; readonly database: string }): Promise<Checkpoints> {
  const db = databaseOf(options.connection, options.database);
  const checkpoints = db.collection<StoredCheckpoint>('reaction-checkpoints');
  const parkedEvents = db.collection<StoredParked>('parked-events');
  const givenUp = db.collection<StoredParked>('given-up-events');
  await checkpoints.createIndex({ reaction: 1 });
  return {
    async load(reaction) {
      const stored = await checkpoints.find({ reaction }).toArray();
      return stored.map(({ origin, epoch, mappingVersion, position }) => ({ origin, epoch, mappingVersion, position }));
    },
    async save(reaction, { origin, epoch, mappingVersion, position }, parked) {
      for (const { reaction, origin, position, eventId, reason, type, at, after } of parked)
        await parkedEvents.updateOne(
          { _id: `${reaction}/${origin}/${position}` },
          { $set: { reaction, origin, position, eventId, reason, ...given({ type, at, after }) } },
          { upsert: true },
        );
      const isOlder = { $or: [{ epoch: { $ne: epoch } }, { mappingVersion: { $ne: mappingVersion } }, { position: { $lt: position } }] };
      try {
        await checkpoints.updateOne(
          { _id: `${reaction}/${origin}`, ...isOlder },
          { $set: { reaction, origin, epoch, mappingVersion, position } },
          { upsert: true },
        );
      } catch (error) {
        if (!isDuplicate(error)) throw error; // it is there already, or further on
      }
    },
    async parked() {
      const stored = await parkedEvents.find({}).sort({ reaction: 1, origin: 1, position: 1 }).toArray();
      return stored.map(({ _id, ...parked }) => parked);
    },
    async release({ reaction, origin, position }) {
      await parkedEvents.deleteOne({ _id: `${reaction}/${origin}/${position}` });
    },
    async giveUp({ reaction, origin, position, eventId }, reason, at) {
      const _id = `${reaction}/${origin}/${position}`;
      await givenUp.updateOne({ _id }, { $set: { reaction, origin, position, eventId, reason, at } }, { upsert: true });
      await parkedEvents.deleteOne({ _id });
    },
  };
}

const given = <T extends object>(some: T) =>
  Object.fromEntries(Object.entries(some).filter(([, value]) => value !== undefined)) as Partial<T>;
