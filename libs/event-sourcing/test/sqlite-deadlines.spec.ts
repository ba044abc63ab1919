import { randomBytes } from 'node:crypto';
import { deadlinesConformance } from '../conformance/deadlines.conformance.js';
import { temporaryFolder } from './temporary-folder.js';
import { sqliteDeadlines } from '../src/sqlite/sqlite-deadlines.js';
import { openSqliteEventStore, type SqliteEventStore } from '../src/sqlite/sqlite-event-store.js';

deadlinesConformance('sqlite', async () => {
  const folder = temporaryFolder();
  const hashKey = randomBytes(32);
  let store: SqliteEventStore;
  return {
    open: async (now) => sqliteDeadlines((store = await openSqliteEventStore({ file: `${folder.path}/a.events.sqlite`, hashKey, now }))),
    close: () => store.close(),
    forget: async () => folder.remove(),
  };
});
