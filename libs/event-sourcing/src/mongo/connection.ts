import { unheard } from '../problems.js';
import { type Connection, createConnection, mongo } from 'mongoose';
import { wakeAtClose } from './closed-sockets.js';

/** MongoDB cannot be reached, or refuses who asks. */
export class MongoUnavailableError extends Error {
  override readonly name = 'MongoUnavailableError';
}

const SOCKET_MS = 30_000;

/** The connection that a process shares; operations on it fail, too, where no server answers within `timeoutMs` (default 10 s). Throws MongoUnavailableError. */
export async function connectMongo(url: string, { timeoutMs = 10_000 }: { readonly timeoutMs?: number } = {}): Promise<Connection> {
  wakeAtClose();
  let connection: Connection | undefined;
  try {
    connection = createConnection(url, {
      serverSelectionTimeoutMS: timeoutMs,
      connectTimeoutMS: timeoutMs,
      socketTimeoutMS: SOCKET_MS,
      bufferCommands: false,
      autoIndex: false,
    });
    return await connection.asPromise();
  } catch (error) {
    await connection?.destroy().catch(unheard('that no server answers is thrown'));
    const why = error instanceof Error ? error.message : String(error);
    throw new MongoUnavailableError(`MongoDB at ${withoutPassword(url)} cannot be used: ${why}`, { cause: error });
  }
}

/** A database of the connection whose writes a majority of the replica set has, on disk, when they resolve. */
export const databaseOf = (connection: Connection, name: string): mongo.Db =>
  connection.getClient().db(name, { writeConcern: { w: 'majority', journal: true }, readPreference: 'primary' });

/** 11000: another document has this key, or somebody was faster to make it. */
export const isDuplicate = (error: unknown): boolean => (error as { code?: unknown } | undefined)?.code === 11_000;

/** A bulk write failed for nothing else. */
export const isDuplicatesOnly = (error: unknown): boolean =>
  error instanceof mongo.MongoBulkWriteError && [error.writeErrors].flat().every(isDuplicate);

const withoutPassword = (url: string): string => url.replace(/\/\/[^@/]*@/, '//');
