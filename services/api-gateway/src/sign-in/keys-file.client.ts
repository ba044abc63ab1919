import { createPrivateKey, generateKeyPairSync, type JsonWebKey } from 'node:crypto';
import type { StatementSync } from 'node:sqlite';
import { StorageDatabase } from '@ateneo/event-sourcing';
import { SealedText, secret } from './sealed-text.rules.js';

const SCHEMA = `
  PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 2000; PRAGMA secure_delete = ON;
  CREATE TABLE IF NOT EXISTS signing_key (kid TEXT PRIMARY KEY, created INTEGER NOT NULL, sealed BLOB NOT NULL);
  CREATE TABLE IF NOT EXISTS artefact (
    model TEXT NOT NULL, id TEXT NOT NULL, grant_id TEXT, uid TEXT, expires INTEGER NOT NULL, consumed INTEGER, sealed BLOB NOT NULL,
    PRIMARY KEY (model, id)) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS artefact_grant ON artefact (grant_id) WHERE grant_id IS NOT NULL;
  CREATE INDEX IF NOT EXISTS artefact_uid ON artefact (model, uid) WHERE uid IS NOT NULL;
  CREATE INDEX IF NOT EXISTS artefact_expires ON artefact (expires);
  CREATE TABLE IF NOT EXISTS session (hash TEXT PRIMARY KEY, subject TEXT NOT NULL, created INTEGER NOT NULL, seen INTEGER NOT NULL, sealed BLOB NOT NULL) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS session_subject ON session (subject);
  CREATE TABLE IF NOT EXISTS attempt (state TEXT PRIMARY KEY, expires INTEGER NOT NULL, sealed BLOB NOT NULL) WITHOUT ROWID;
`;

export type SigningKey = JsonWebKey & { readonly kid: string; readonly alg: 'RS256'; readonly use: 'sig' };

/** The gateway's own file: signing keys, what the identity provider remembers, sessions. Everything in it is sealed and survives a restart. */
export class KeysFile {
  readonly database: StorageDatabase;
  readonly sealed: SealedText;
  #grant: StatementSync | undefined;

  constructor(path: string, masterKey: Buffer) {
    this.database = new StorageDatabase(path);
    this.database.exec(SCHEMA);
    this.sealed = new SealedText(masterKey);
  }

  /** The key that signs tokens, made at the first start. Throws where MASTER_KEY is not the one that sealed it. */
  signingKeys(): SigningKey[] {
    const rows = this.database.prepare('SELECT kid, sealed FROM signing_key ORDER BY created DESC').all() as {
      kid: string;
      sealed: Uint8Array;
    }[];
    if (rows.length === 0) return [this.#makeKey()];
    return rows.map(({ kid, sealed }) => ({
      ...createPrivateKey(this.#open(sealed)).export({ format: 'jwk' }),
      kid,
      alg: 'RS256',
      use: 'sig',
    }));
  }

  /** The secret that signs the provider's cookies. */
  cookieSecret(): string {
    const row = this.database.prepare("SELECT sealed FROM attempt WHERE state = 'cookie-secret'").get() as
      { sealed: Uint8Array } | undefined;
    if (row) return this.#open(row.sealed);
    const made = secret();
    this.database.prepare("INSERT INTO attempt VALUES ('cookie-secret', ?, ?)").run(Number.MAX_SAFE_INTEGER, this.sealed.seal(made));
    return made;
  }

  /** Removes what the provider need not remember any longer; called now and then. */
  sweep(nowSeconds: number): void {
    this.database.prepare('DELETE FROM artefact WHERE expires < ?').run(nowSeconds);
  }

  /** Whether a grant of the identity provider still holds: one whose code came twice does not. */
  hasGrant(grant: string): boolean {
    return (this.#grant ??= this.database.prepare("SELECT 1 FROM artefact WHERE model = 'Grant' AND id = ?")).get(grant) !== undefined;
  }

  close(): void {
    this.database.close();
  }

  #open(sealed: Uint8Array): string {
    try {
      return this.sealed.open(sealed);
    } catch {
      throw new Error('MASTER_KEY is not the one that the keys of this data folder were sealed with');
    }
  }

  #makeKey(): SigningKey {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const kid = secret(12);
    const sealed = this.sealed.seal(privateKey.export({ type: 'pkcs8', format: 'pem' }) as string);
    this.database.prepare('INSERT INTO signing_key VALUES (?, ?, ?)').run(kid, Date.now(), sealed);
    return { ...privateKey.export({ format: 'jwk' }), kid, alg: 'RS256', use: 'sig' };
  }
}
