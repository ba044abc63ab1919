import type { SQLInputValue } from 'node:sqlite';
import { StorageDatabase } from '@ateneo/event-sourcing';
import type { CredentialTable, DemoMark, Password } from './credential-table.client.js';

const SCHEMA = `
  PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000; PRAGMA secure_delete = ON;
  CREATE TABLE IF NOT EXISTS username (hash TEXT PRIMARY KEY, person TEXT NOT NULL) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS username_person ON username (person);
  CREATE TABLE IF NOT EXISTS password (person TEXT PRIMARY KEY, hash TEXT NOT NULL, changes INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS invitation (hash TEXT PRIMARY KEY, person TEXT NOT NULL, expires INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS account_secret (account TEXT PRIMARY KEY, hash TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS demo_person (person TEXT PRIMARY KEY, place INTEGER NOT NULL, role TEXT NOT NULL, note_it TEXT NOT NULL, note_en TEXT NOT NULL) WITHOUT ROWID;
`;

/** Credentials in identity's own keys file. */
export class SqliteCredentialTable implements CredentialTable {
  readonly #db: StorageDatabase;

  constructor(file: string) {
    this.#db = new StorageDatabase(file);
    this.#db.exec(SCHEMA);
    const columns = this.#db.prepare("SELECT name FROM pragma_table_info('password')").all();
    if (!columns.some(({ name }) => name === 'changes'))
      this.#db.exec('ALTER TABLE password ADD COLUMN changes INTEGER NOT NULL DEFAULT 0');
  }

  async reserveName(nameHash: string, personId: string): Promise<string> {
    this.#run('INSERT INTO username VALUES (?, ?) ON CONFLICT DO NOTHING', nameHash, personId);
    return (await this.ownerOf(nameHash)) ?? personId;
  }

  async releaseName(nameHash: string, personId: string): Promise<void> {
    this.#run('DELETE FROM username WHERE hash = ? AND person = ?', nameHash, personId);
  }

  async ownerOf(nameHash: string): Promise<string | undefined> {
    return this.#row<{ person: string }>('SELECT person FROM username WHERE hash = ?', nameHash)?.person;
  }

  async password(personId: string): Promise<Password | undefined> {
    const row = this.#row<Password>('SELECT hash, changes FROM password WHERE person = ?', personId);
    return row && { hash: row.hash, changes: row.changes };
  }

  async setPassword(personId: string, hash: string): Promise<void> {
    this.#run(
      'INSERT INTO password VALUES (?, ?, 1) ON CONFLICT DO UPDATE SET hash = excluded.hash, changes = changes + 1',
      personId,
      hash,
    );
  }

  async keepPasswordAs(personId: string, hash: string, before: string): Promise<void> {
    this.#run('UPDATE password SET hash = ? WHERE person = ? AND hash = ?', hash, personId, before);
  }

  async putInvitation(secretHash: string, personId: string, expires: number, now: number): Promise<void> {
    this.#run('DELETE FROM invitation WHERE person = ? OR expires < ?', personId, now);
    this.#run('INSERT INTO invitation VALUES (?, ?, ?)', secretHash, personId, expires);
  }

  async findInvitation(secretHash: string, now: number): Promise<string | undefined> {
    return this.#row<{ person: string }>('SELECT person FROM invitation WHERE hash = ? AND expires >= ?', secretHash, now)?.person;
  }

  async takeInvitation(secretHash: string, now: number): Promise<string | undefined> {
    const sql = 'DELETE FROM invitation WHERE hash = ? AND expires >= ? RETURNING person';
    return this.#row<{ person: string }>(sql, secretHash, now)?.person;
  }

  async accountSecret(accountId: string): Promise<string | undefined> {
    return this.#row<{ hash: string }>('SELECT hash FROM account_secret WHERE account = ?', accountId)?.hash;
  }

  async setAccountSecret(accountId: string, hash: string): Promise<void> {
    this.#run('INSERT OR REPLACE INTO account_secret VALUES (?, ?)', accountId, hash);
  }

  async removeAccountSecret(accountId: string): Promise<void> {
    this.#run('DELETE FROM account_secret WHERE account = ?', accountId);
  }

  async keepAccountSecretAs(accountId: string, hash: string, before: string): Promise<void> {
    this.#run('UPDATE account_secret SET hash = ? WHERE account = ? AND hash = ?', hash, accountId, before);
  }

  async markDemo(people: readonly DemoMark[]): Promise<void> {
    people.forEach(({ personId, role, note }, place) =>
      this.#run('INSERT OR REPLACE INTO demo_person VALUES (?, ?, ?, ?, ?)', personId, place, role, note.it, note.en),
    );
  }

  async demoMarks(): Promise<DemoMark[]> {
    const rows = this.#db.prepare('SELECT person, role, note_it, note_en FROM demo_person ORDER BY place').all() as {
      person: string;
      role: string;
      note_it: string;
      note_en: string;
    }[];
    return rows.map((row) => ({ personId: row.person, role: row.role, note: { it: row.note_it, en: row.note_en } }));
  }

  async forget(personId: string): Promise<void> {
    for (const table of ['username', 'password', 'invitation', 'demo_person']) this.#run(`DELETE FROM ${table} WHERE person = ?`, personId);
  }

  async close(): Promise<void> {
    this.#db.close();
  }

  #row<Row>(sql: string, ...values: SQLInputValue[]): Row | undefined {
    return this.#db.prepare(sql).get(...values) as Row | undefined;
  }

  #run(sql: string, ...values: SQLInputValue[]): void {
    this.#db.prepare(sql).run(...values);
  }
}
