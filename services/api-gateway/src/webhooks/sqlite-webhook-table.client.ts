import type { SQLInputValue } from 'node:sqlite';
import { StorageDatabase } from '@ateneo/event-sourcing';
import type { PublicEvent } from '@ateneo/messaging';
import { SealedText } from '../sign-in/sealed-text.rules.js';
import {
  type Counts,
  type CursorStep,
  type Delivery,
  type DeliveryState,
  KEPT_DEAD_MS,
  KEPT_DELIVERED,
  type Webhook,
  type WebhookState,
  type WebhookTable,
} from './webhook-table.client.js';

const SCHEMA = `
  PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 2000;
  CREATE TABLE IF NOT EXISTS webhook (
    id TEXT PRIMARY KEY, account TEXT NOT NULL, url TEXT NOT NULL, types TEXT NOT NULL, school TEXT, state TEXT NOT NULL, reason TEXT,
    created TEXT NOT NULL, cursor TEXT NOT NULL, sealed BLOB NOT NULL, sealed_before BLOB, before_until INTEGER) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS delivery (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, webhook TEXT NOT NULL, event TEXT NOT NULL, subject TEXT NOT NULL, type TEXT NOT NULL, time TEXT NOT NULL,
    body TEXT NOT NULL, state TEXT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, first INTEGER, next INTEGER, at INTEGER, reason TEXT,
    UNIQUE (webhook, event));
  CREATE INDEX IF NOT EXISTS delivery_due ON delivery (webhook, next) WHERE state = 'waiting' AND next IS NOT NULL;
  CREATE INDEX IF NOT EXISTS delivery_line ON delivery (webhook, subject, seq) WHERE state = 'waiting';
  CREATE INDEX IF NOT EXISTS delivery_state ON delivery (webhook, state, seq);
`;
/** Webhooks in a file of the only gateway: one transaction moves the cursor and queues the events. */
export class SqliteWebhookTable implements WebhookTable {
  readonly shared = false;
  readonly #database: StorageDatabase;
  readonly #sealed: SealedText;

  constructor(path: string, masterKey: Buffer) {
    this.#database = new StorageDatabase(path);
    this.#database.exec(SCHEMA);
    this.#sealed = new SealedText(masterKey);
  }

  /** One transaction does it or not. */
  async begin(): Promise<void> {}

  async all(): Promise<Webhook[]> {
    return this.#rows('SELECT * FROM webhook ORDER BY created, id').map(webhookOf);
  }

  async find(id: string): Promise<Webhook | undefined> {
    return this.#rows('SELECT * FROM webhook WHERE id = ?', id).map(webhookOf)[0];
  }

  async add(webhook: Webhook, secret: string): Promise<void> {
    const { id, account, url, types, school, state, reason, created, cursor } = webhook;
    const values = [id, account, url, JSON.stringify(types), school, state, reason, created, cursor, this.#sealed.seal(secret)];
    this.#durably(() => this.#run(`INSERT INTO webhook VALUES (${values.map(() => '?').join(', ')}, NULL, NULL)`, ...values));
  }

  async change(id: string, state: WebhookState, reason: string | null): Promise<void> {
    this.#durably(() => this.#run('UPDATE webhook SET state = ?, reason = ? WHERE id = ?', state, reason, id));
  }

  async remove(id: string): Promise<void> {
    this.#durably(() =>
      this.#together(() => {
        this.#run('DELETE FROM delivery WHERE webhook = ?', id);
        this.#run('DELETE FROM webhook WHERE id = ?', id);
      }),
    );
  }

  async rotate(id: string, secret: string, until: number): Promise<void> {
    const sql = 'UPDATE webhook SET sealed_before = sealed, before_until = ?, sealed = ? WHERE id = ?';
    this.#durably(() => this.#run(sql, until, this.#sealed.seal(secret), id));
  }

  async secrets(id: string, at: number): Promise<string[]> {
    const [row] = this.#rows('SELECT sealed, sealed_before AS before, before_until AS until FROM webhook WHERE id = ?', id);
    if (!row) return [];
    const { sealed, before, until } = row as { sealed: Uint8Array; before: Uint8Array | null; until: number | null };
    return [sealed, ...(before && (until as number) > at ? [before] : [])].map((one) => this.#sealed.open(one));
  }

  async queue(id: string, events: readonly PublicEvent[], { from, to }: CursorStep, at: number): Promise<boolean> {
    if ((await this.find(id))?.cursor !== from) return false;
    this.#together(() => {
      for (const event of events) {
        const values = [id, event.id, event.subject, event.type, event.time, JSON.stringify(event)];
        this.#run(
          `INSERT OR IGNORE INTO delivery (webhook, event, subject, type, time, body, state) VALUES (?, ?, ?, ?, ?, ?, 'waiting')`,
          ...values,
        );
      }
      for (const subject of new Set(events.map((event) => event.subject))) this.#line(id, subject, at);
      this.#run('UPDATE webhook SET cursor = ? WHERE id = ?', to, id);
    });
    return true;
  }

  async beginAnew(id: string, service: string, cursor: string): Promise<void> {
    this.#together(() => {
      this.#run(`DELETE FROM delivery WHERE webhook = ? AND type LIKE ? || '.%'`, id, service);
      this.#run('UPDATE webhook SET cursor = ? WHERE id = ?', cursor, id);
    });
  }

  async due(id: string, at: number, most: number): Promise<Delivery[]> {
    const sql = `SELECT * FROM delivery WHERE webhook = ? AND state = 'waiting' AND next IS NOT NULL AND next <= ? ORDER BY next, seq LIMIT ?`;
    return this.#rows(sql, id, at, most) as unknown as Delivery[];
  }

  async delivered({ seq, webhook, subject }: Delivery, at: number): Promise<void> {
    this.#together(() => {
      this.#run(
        `UPDATE delivery SET state = 'delivered', body = '', attempts = attempts + 1, at = ?, next = NULL, reason = NULL WHERE seq = ?`,
        at,
        seq,
      );
      this.#line(webhook, subject, at);
    });
  }

  async failed({ seq, webhook, subject, first }: Delivery, at: number, next: number | undefined, reason: string): Promise<void> {
    this.#together(() => {
      const sql = 'UPDATE delivery SET state = ?, attempts = attempts + 1, first = ?, at = ?, next = ?, reason = ? WHERE seq = ?';
      this.#run(sql, next === undefined ? 'dead' : 'waiting', first ?? at, at, next ?? null, reason, seq);
      this.#line(webhook, subject, at);
    });
  }

  async withhold({ seq, webhook, subject }: Delivery, at: number): Promise<void> {
    this.#together(() => {
      this.#run('DELETE FROM delivery WHERE seq = ?', seq);
      this.#line(webhook, subject, at);
    });
  }

  async redeliver(id: string, at: number, event?: string): Promise<number> {
    const dead = this.#rows(`SELECT seq, event, subject FROM delivery WHERE webhook = ? AND state = 'dead'`, id) as unknown as Delivery[];
    const chosen = dead.filter((one) => event === undefined || one.event === event);
    this.#durably(() =>
      this.#together(() => {
        for (const { seq } of chosen)
          this.#run(`UPDATE delivery SET state = 'waiting', attempts = 0, first = NULL, next = NULL WHERE seq = ?`, seq);
        for (const subject of new Set(chosen.map((one) => one.subject))) this.#line(id, subject, at);
      }),
    );
    return chosen.length;
  }

  async deliveries(id: string, state: DeliveryState | undefined, most: number): Promise<Delivery[]> {
    const where = state === undefined ? '' : 'AND state = ?';
    const values = state === undefined ? [id, most] : [id, state, most];
    return this.#rows(`SELECT * FROM delivery WHERE webhook = ? ${where} ORDER BY seq DESC LIMIT ?`, ...values) as unknown as Delivery[];
  }

  async waiting(id: string): Promise<number> {
    const [row] = this.#rows(`SELECT count(*) AS n FROM delivery WHERE webhook = ? AND state = 'waiting'`, id);
    return (row as { n: number }).n;
  }

  async failing(id: string): Promise<Delivery | undefined> {
    const sql = `SELECT * FROM delivery WHERE webhook = ? AND state IN ('waiting', 'dead') AND reason IS NOT NULL ORDER BY at DESC LIMIT 1`;
    return (this.#rows(sql, id) as unknown as Delivery[])[0];
  }

  async counts(id: string): Promise<Counts> {
    const rows = this.#rows('SELECT state, count(*) AS n, max(at) AS at FROM delivery WHERE webhook = ? GROUP BY state', id) as unknown as {
      state: DeliveryState;
      n: number;
      at: number | null;
    }[];
    const of = (state: DeliveryState) => rows.find((row) => row.state === state);
    return {
      waiting: of('waiting')?.n ?? 0,
      delivered: of('delivered')?.n ?? 0,
      dead: of('dead')?.n ?? 0,
      lastDelivered: of('delivered')?.at ?? null,
    };
  }

  async sweep(at: number): Promise<void> {
    for (const { id } of await this.all())
      this.#run(
        `DELETE FROM delivery WHERE webhook = ?1 AND state = 'delivered' AND seq <=
           (SELECT seq FROM delivery WHERE webhook = ?1 AND state = 'delivered' ORDER BY seq DESC LIMIT 1 OFFSET ${KEPT_DELIVERED})`,
        id,
      );
    this.#run(`DELETE FROM delivery WHERE state = 'dead' AND at < ?`, at - KEPT_DEAD_MS);
  }

  async close(): Promise<void> {
    this.#database.close();
  }

  /** Lets the first waiting event of a subject be tried, and it alone. */
  #line(webhook: string, subject: string, at: number): void {
    const first = `(SELECT min(seq) FROM delivery WHERE webhook = ?1 AND subject = ?2 AND state = 'waiting')`;
    this.#run(
      `UPDATE delivery SET next = NULL WHERE webhook = ?1 AND subject = ?2 AND state = 'waiting' AND next IS NOT NULL AND seq > ${first}`,
      webhook,
      subject,
    );
    this.#run(`UPDATE delivery SET next = ?3 WHERE seq = ${first} AND next IS NULL`, webhook, subject, at);
  }

  #rows(sql: string, ...values: SQLInputValue[]): Record<string, unknown>[] {
    return this.#database.prepare(sql).all(...values);
  }

  #run(sql: string, ...values: SQLInputValue[]): void {
    this.#database.prepare(sql).run(...values);
  }

  #together(work: () => void): void {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      work();
      this.#database.exec('COMMIT');
    } catch (error) {
      this.#database.exec('ROLLBACK');
      throw error;
    }
  }

  /** What somebody was told is done is on the disk; deliveries may be repeated after a power cut and need no such care. */
  #durably(work: () => void): void {
    this.#database.exec('PRAGMA synchronous = FULL');
    try {
      work();
    } finally {
      this.#database.exec('PRAGMA synchronous = NORMAL');
    }
  }
}

const webhookOf = ({ types, ...row }: Record<string, unknown>): Webhook => {
  const { id, account, url, school, state, reason, created, cursor } = row as Omit<Webhook, 'types'>;
  return { id, account, url, types: JSON.parse(types as string) as string[], school, state, reason, created, cursor };
};
