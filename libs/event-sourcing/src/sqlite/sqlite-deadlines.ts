import type { Deadline, DeadlineTable } from '../deadlines.js';
import type { SqliteEventStore } from './sqlite-event-store.js';

type Row = { readonly id: string; readonly due_at: number; readonly payload: string; readonly attempts: number };

const PUT = `INSERT INTO deadlines (id, due_at, payload, next_at) VALUES (?, ?, ?, ?)
  ON CONFLICT (id) DO UPDATE SET due_at = excluded.due_at, payload = excluded.payload, next_at = excluded.next_at, attempts = 0`;

/** The deadlines of a service in its events file, written by the writer of its events. */
export function sqliteDeadlines(store: SqliteEventStore): DeadlineTable {
  const write = (sql: string, ...params: (string | number)[]) => store.write([{ sql, params }]);
  return {
    put: ({ id, dueAt, payload }) => write(PUT, id, dueAt, JSON.stringify(payload ?? null), dueAt),
    remove: (id, dueAt) =>
      dueAt === undefined
        ? write('DELETE FROM deadlines WHERE id = ?', id)
        : write('DELETE FROM deadlines WHERE id = ? AND due_at = ?', id, dueAt),
    postpone: (id, attempts, until) => write('UPDATE deadlines SET attempts = ?, next_at = ? WHERE id = ?', attempts, until, id),
    due: async (now, limit) =>
      store
        .query<Row>('SELECT id, due_at, payload, attempts FROM deadlines WHERE next_at <= ? ORDER BY due_at, id LIMIT ?', now, limit)
        .map((row): Deadline => ({ id: row.id, dueAt: row.due_at, payload: JSON.parse(row.payload), attempts: row.attempts })),
    nextAt: async () => store.query<{ at: number | null }>('SELECT min(next_at) AS at FROM deadlines')[0]?.at ?? undefined,
  };
}
