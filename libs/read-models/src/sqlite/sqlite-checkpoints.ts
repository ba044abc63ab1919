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
  'CREATE TABLE IF NOT EXISTS given_up_events (reaction TEXT, origin TEXT, position INTEGER, event_id TEXT NOT NULL, reason TEXT NOT NULL, at TEXT NOT NULL, PRIMARY KEY (reaction, origin, position)) WITHOUT ROWID',
];

/** Added to what earlier versions made. */
const LATER = { type: 'TEXT', at: 'TEXT', read_after: 'INTEGER' };
const PLACE = 'reaction = ? AND origin = ? AND position = ?';
type Row = Omit<ParkedEvent, 'type' | 'at' | 'after'> & {
  readonly type: string | null;
  readonly at: string | null;
  readonly after: number | null;
};

/** Checkpoints of reactions in the events file of their service, committed with the appends of the moment. */
export async function openSqliteCheckpoints(side: SideTables): Promise<Checkpoints> {
  await side.write(TABLES.map((sql) => ({ sql, params: [] })));
  const there = new Set(side.query<{ name: string }>("SELECT name FROM pragma_table_info('parked_events')").map(({ name }) => name));
  const missing = Object.entries(LATER).filter(([name]) => !there.has(name));
  await side.write(missing.map(([name, type]) => ({ sql: `ALTER TABLE parked_events ADD COLUMN ${name} ${type}`, params: [] })));
  const park = ({ reaction, origin, position, eventId, reason, type, at, after }: ParkedEvent) => ({
    sql: 'INSERT OR REPLACE INTO parked_events (reaction, origin, position, event_id, reason, type, at, read_after) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
    params: [reaction, origin, position, eventId, reason, type ?? null, at ?? null, after ?? null],
  });
  const release = ({ reaction, origin, position }: ParkedEvent) => ({
    sql: `DELETE FROM parked_events WHERE ${PLACE}`,
    params: [reaction, origin, position],
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
        .query<Row>(
          'SELECT reaction, origin, position, event_id AS eventId, reason, type, at, read_after AS after FROM parked_events ORDER BY reaction, origin, position',
        )
        .map(({ type, at, after, ...row }) => ({
          ...row,
          ...(type === null ? {} : { type }),
          ...(at === null ? {} : { at }),
          ...(after === null ? {} : { after }),
        }));
    },
    release: (parked) => side.write([release(parked)]),
    giveUp: (parked, reason, at) =>
      side.write([
        {
          sql: 'INSERT OR REPLACE INTO given_up_events VALUES (?, ?, ?, ?, ?, ?)',
          params: [parked.reaction, parked.origin, parked.position, parked.eventId, reason, at],
        },
        release(parked),
      ]),
  };
}
