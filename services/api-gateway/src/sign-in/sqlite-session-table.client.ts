import type { KeysFile } from './keys-file.client.js';
import type { SessionTable, StoredSession } from './session-table.client.js';

/** The sessions of a gateway that runs once, in its keys file. */
export class SqliteSessionTable implements SessionTable {
  constructor(private readonly file: KeysFile) {}

  trouble = () => undefined;

  async put({ hash, subject, created, seen, sealed }: StoredSession): Promise<void> {
    this.file.database.prepare('INSERT INTO session VALUES (?, ?, ?, ?, ?)').run(hash, subject, created, seen, sealed);
  }

  async find(hash: string): Promise<StoredSession | undefined> {
    const row = this.file.database.prepare('SELECT hash, subject, created, seen, sealed FROM session WHERE hash = ?').get(hash);
    return row as StoredSession | undefined;
  }

  async touch(hash: string, seen: number): Promise<void> {
    this.file.database.prepare('UPDATE session SET seen = ? WHERE hash = ?').run(seen, hash);
  }

  async remove(hash: string): Promise<void> {
    this.file.database.prepare('DELETE FROM session WHERE hash = ?').run(hash);
  }

  async putAttempt(state: string, expires: number, sealed: Uint8Array): Promise<void> {
    this.file.database.prepare('INSERT INTO attempt VALUES (?, ?, ?)').run(state, expires, sealed);
  }

  async takeAttempt(state: string, notBefore: number): Promise<Uint8Array | undefined> {
    const row = this.file.database.prepare('DELETE FROM attempt WHERE state = ? AND expires >= ? RETURNING sealed').get(state, notBefore);
    return (row as { sealed: Uint8Array } | undefined)?.sealed;
  }

  async sweep(attemptsBefore: number, seenBefore: number, createdBefore: number): Promise<void> {
    this.file.database.prepare('DELETE FROM attempt WHERE expires < ?').run(attemptsBefore);
    this.file.database.prepare('DELETE FROM session WHERE seen < ? OR created < ?').run(seenBefore, createdBefore);
  }

  async close(): Promise<void> {}
}
