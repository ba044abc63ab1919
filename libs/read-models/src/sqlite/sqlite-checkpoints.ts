import type { SideStatement } from '@ateneo/event-sourcing';
import type { Checkpoint } from '../document-store.js';
import type { Checkpoints, ParkedEvent } from '../reaction.js';

/** The side tables of an events file, as its store writes and reads them. */
export type SideTables = {
  write(statements: readonly SideStatement[]): Promise<void>;
  query<T>(sql: string, ...params: (string | number)[]): T[];
};

const TABLES = [
  'CREATE TABLE IF NOT EXISTS reaction_checkpoints (reaction TEXT, origin TEXT, epoch TEXT NOT NULL, mapping INTEGER NOT NULL, position INTEGER NOT NULL, PRIMARY KEY (reaction, origin)) WITHOUT ROWID',
  'CREATE TABLE IF NOT EXISTS parked_events (reaction TEXT, origin TEXT, position INTEGER, event_id TEXT NOT NULL, reason TEXT NOT NULL, PRIMARY KEY (reaction, origin, position)) WITHOUT ROWID',
];

/** Checkpoints of reactions in the events file of their service, committed with the appends of the moment. */
export async function openSqliteCheckpoints(side: SideTables): Promise<Checkpoints> {
  await side.write(TABLES.map((sql) => ({ sql, params: [] })));
  const park = ({ reaction, origin, position, eventId, reason }: ParkedEvent) => ({
    sql: 'INSERT OR REPLACE INTO parked_events VALUES (?, ?, ?, ?, ?)',
    params: [reaction, origin, position, eventId, reason],
  });
  return {
    async load(reaction) {
      const rows = side.query<Checkpoint>(
        'SELECT origin, epoch, mapping AS mappingVersion, position FROM reaction_checkpoints WHERE reaction = ?',
        reaction,
      );
      return rows.map((row) => ({ ...row }));
    },
    save(reaction, { origin, epoch, mappingVersion, position }, parked) {
      return side.write([
        ...parked.map(park),
        {
          sql: 'INSERT OR REPLACE INTO reaction_checkpoints VALUES (?, ?, ?, ?, ?)',
          params: [reaction, origin, epoch, mappingVersion, position],
        },
      ]);
    },
    async parked() {
      return side
        .query<ParkedEvent>(
          'SELECT reaction, origin, position, event_id AS eventId, reason FROM parked_events ORDER BY reaction, origin, position',
        )
        .map((row) => ({ ...row }));
    },
    release: ({ reaction, origin, position }) =>
      side.write([
        { sql: 'DELETE FROM parked_events WHERE reaction = ? AND origin = ? AND position = ?', params: [reaction, origin, position] },
      ]),
  };
}
