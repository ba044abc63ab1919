import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { StoreUnavailableError } from '../event-store.js';

/** Read-only (8), input/output (10), full (13) and cannot open (14) are failures of the storage, not of the statement. */
export function isStorageFailure(error: unknown): boolean {
  const code = (error as { errcode?: unknown }).errcode;
  return typeof code === 'number' && [8, 10, 13, 14].includes(code & 0xff);
}

function onStorage<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!isStorageFailure(error)) throw error;
    throw new StoreUnavailableError(`The storage cannot be used: ${(error as Error).message}`, { cause: error });
  }
}

/** A database whose full, read-only or broken disk is told as StoreUnavailableError; whatever else fails is told as SQLite tells it. */
export class StorageDatabase extends DatabaseSync {
  override exec(sql: string): void {
    onStorage(() => super.exec(sql));
  }

  override prepare(sql: string): StatementSync {
    const statement = onStorage(() => super.prepare(sql));
    for (const name of ['run', 'get', 'all'] as const) {
      const method = statement[name].bind(statement) as (...values: unknown[]) => unknown;
      Object.defineProperty(statement, name, { value: (...values: unknown[]) => onStorage(() => method(...values)) });
    }
    return statement;
  }
}
