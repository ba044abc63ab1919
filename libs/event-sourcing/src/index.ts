export * from './event-store.js';
export * from './decider.js';
export { openSqliteEventStore, SqliteEventStore, type SqliteEventStoreOptions } from './sqlite/sqlite-event-store.js';
export { startEventWriter, EventWriter, type WriterInspection } from './sqlite/event-writer.js';
export type { SideStatement } from './sqlite/event-log.js';
export { lockDataFolder } from './sqlite/data-folder-lock.js';
