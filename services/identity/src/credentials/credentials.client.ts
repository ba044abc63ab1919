import { createHash, createHmac, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { Inject, Injectable } from '@nestjs/common';
import { StorageDatabase } from '@ateneo/event-sourcing';
import { type Component, type Platform, PLATFORM } from '@ateneo/service-kit';
import { clientIdOf } from '../account/account.decider.js';

const SCHEMA = `
  PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000; PRAGMA secure_delete = ON;
  CREATE TABLE IF NOT EXISTS username (hash TEXT PRIMARY KEY, person TEXT NOT NULL) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS username_person ON username (person);
  CREATE TABLE IF NOT EXISTS password (person TEXT PRIMARY KEY, hash TEXT NOT NULL, changes INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS invitation (hash TEXT PRIMARY KEY, person TEXT NOT NULL, expires INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS account_secret (account TEXT PRIMARY KEY, hash TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS demo_person (person TEXT PRIMARY KEY, place INTEGER NOT NULL, role TEXT NOT NULL, note_it TEXT NOT NULL, note_en TEXT NOT NULL) WITHOUT ROWID;
`;
export const INVITATION_MINUTES = 30;

export type DemoMark = { readonly personId: string; readonly role: string; readonly note: { readonly it: string; readonly en: string } };

/** What is no event and never leaves: user names (as keyed hashes), passwords, invitations, secrets of service accounts; in identity's keys file. */
@Injectable()
export class Credentials implements Component {
  readonly #db: StorageDatabase;
  readonly #key: Buffer;
  readonly #secretKey: Buffer;

  constructor(@Inject(PLATFORM) private readonly platform: Platform) {
    this.#db = new StorageDatabase(join(platform.folder, 'identity.keys.sqlite'));
    this.#db.exec(SCHEMA);
    const columns = this.#db.prepare("SELECT name FROM pragma_table_info('password')").all();
    if (!columns.some(({ name }) => name === 'changes'))
      this.#db.exec('ALTER TABLE password ADD COLUMN changes INTEGER NOT NULL DEFAULT 0');
    this.#key = platform.derive('identity user names');
    this.#secretKey = platform.derive('identity secrets of service accounts');
  }

  stop(): void {
    this.#db.close();
  }

  /** True where the name is the person's from now on: it was free or theirs already. */
  reserveUsername(username: string, personId: string): boolean {
    this.#db.prepare('INSERT INTO username VALUES (?, ?) ON CONFLICT DO NOTHING').run(this.#hash(username), personId);
    return this.personNamed(username) === personId;
  }

  releaseUsername(username: string, personId: string): void {
    this.#db.prepare('DELETE FROM username WHERE hash = ? AND person = ?').run(this.#hash(username), personId);
  }

  personNamed(username: string): string | undefined {
    return (this.#db.prepare('SELECT person FROM username WHERE hash = ?').get(this.#hash(username)) as { person: string } | undefined)
      ?.person;
  }

  passwordHash(personId: string): string | undefined {
    return (this.#db.prepare('SELECT hash FROM password WHERE person = ?').get(personId) as { hash: string } | undefined)?.hash;
  }

  /** Whatever was signed in with the one before is over. */
  setPassword(personId: string, hash: string): void {
    this.#db
      .prepare('INSERT INTO password VALUES (?, ?, 1) ON CONFLICT DO UPDATE SET hash = excluded.hash, changes = changes + 1')
      .run(personId, hash);
    this.#tell(personId);
  }

  /** The same password, kept in another form: nothing that it signed in ends. */
  keepPasswordAs(personId: string, hash: string, before: string): void {
    this.#db.prepare('UPDATE password SET hash = ? WHERE person = ? AND hash = ?').run(hash, personId, before);
  }

  /** How many times the person's password has been set. */
  passwordChanges(personId: string): number {
    const row = this.#db.prepare('SELECT changes FROM password WHERE person = ?').get(personId) as { changes: number } | undefined;
    return row?.changes ?? 0;
  }

  /** A secret that lets the person set a password once, for 30 minutes; earlier ones are void. */
  invite(personId: string): string {
    const secret = randomBytes(24).toString('base64url');
    this.#db.prepare('DELETE FROM invitation WHERE person = ? OR expires < ?').run(personId, this.platform.clock.now());
    this.#db
      .prepare('INSERT INTO invitation VALUES (?, ?, ?)')
      .run(sha256(secret), personId, this.platform.clock.now() + INVITATION_MINUTES * 60_000);
    return secret;
  }

  /** The person whom a valid invitation was made for; it stays. */
  invitedBy(secret: string): string | undefined {
    return (
      this.#db.prepare('SELECT person FROM invitation WHERE hash = ? AND expires >= ?').get(sha256(secret), this.platform.clock.now()) as
        { person: string } | undefined
    )?.person;
  }

  /** The same, and it is used up. */
  useInvitation(secret: string): string | undefined {
    return (
      this.#db
        .prepare('DELETE FROM invitation WHERE hash = ? AND expires >= ? RETURNING person')
        .get(sha256(secret), this.platform.clock.now()) as { person: string } | undefined
    )?.person;
  }

  /** The key of the hashes of random secrets. */
  get secretKey(): Buffer {
    return this.#secretKey;
  }

  accountSecretHash(accountId: string): string | undefined {
    return (this.#db.prepare('SELECT hash FROM account_secret WHERE account = ?').get(accountId) as { hash: string } | undefined)?.hash;
  }

  setAccountSecret(accountId: string, hash: string | undefined): void {
    if (hash === undefined) {
      this.#db.prepare('DELETE FROM account_secret WHERE account = ?').run(accountId);
      this.#tell(clientIdOf(accountId));
    } else this.#db.prepare('INSERT OR REPLACE INTO account_secret VALUES (?, ?)').run(accountId, hash);
  }

  /** The same secret, kept in another form; one revoked or made anew meanwhile stays as it is. */
  keepAccountSecretAs(accountId: string, hash: string, before: string): void {
    this.#db.prepare('UPDATE account_secret SET hash = ? WHERE account = ? AND hash = ?').run(hash, accountId, before);
  }

  markDemo(people: readonly DemoMark[]): void {
    const insert = this.#db.prepare('INSERT OR REPLACE INTO demo_person VALUES (?, ?, ?, ?, ?)');
    people.forEach(({ personId, role, note }, place) => insert.run(personId, place, role, note.it, note.en));
  }

  demoMarks(): DemoMark[] {
    const rows = this.#db.prepare('SELECT person, role, note_it, note_en FROM demo_person ORDER BY place').all() as {
      person: string;
      role: string;
      note_it: string;
      note_en: string;
    }[];
    return rows.map((row) => ({ personId: row.person, role: row.role, note: { it: row.note_it, en: row.note_en } }));
  }

  /** Everything that the person signed in with. */
  forget(personId: string): void {
    for (const table of ['username', 'password', 'invitation', 'demo_person'])
      this.#db.prepare(`DELETE FROM ${table} WHERE person = ?`).run(personId);
  }

  /** No event says so, but whoever keeps rights has to ask again. */
  #tell(key: string): void {
    const { bus, leases } = this.platform;
    const change = { projection: 'credentials', key, service: 'identity', partition: 0, position: 0 };
    bus.broadcast('changed.identity', { changes: [change], instance: leases.instance });
  }

  #hash(username: string): string {
    return createHmac('sha256', this.#key).update(username.toLowerCase()).digest('base64url');
  }
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('base64url');
