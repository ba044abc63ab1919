import type { StatementSync } from 'node:sqlite';
import type { Adapter, AdapterPayload } from 'oidc-provider';
import type { KeysFile } from './keys-file.client.js';

/** Most artefacts of one model; the oldest to expire give way. */
const MOST = 50_000;

type Row = { id: string; consumed: number | null; sealed: Uint8Array };

/** What the identity provider remembers (sessions, grants, codes), kept in the gateway's keys file. */
export class ProviderArtefacts implements Adapter {
  readonly #find: StatementSync;
  readonly #findUid: StatementSync;
  readonly #upsert: StatementSync;
  readonly #bound: StatementSync;

  constructor(
    private readonly file: KeysFile,
    private readonly model: string,
    private readonly now: () => number = () => Math.floor(Date.now() / 1000),
  ) {
    const { database } = file;
    this.#find = database.prepare('SELECT id, consumed, sealed FROM artefact WHERE model = ? AND id = ? AND expires >= ?');
    this.#findUid = database.prepare('SELECT id, consumed, sealed FROM artefact WHERE model = ? AND uid = ? AND expires >= ?');
    this.#upsert = database.prepare(
      'INSERT OR REPLACE INTO artefact (model, id, grant_id, uid, expires, consumed, sealed) VALUES (?, ?, ?, ?, ?, ?, ?)',
    );
    this.#bound = database.prepare(
      'DELETE FROM artefact WHERE model = ?1 AND (SELECT count(*) FROM artefact WHERE model = ?1) > ?2 AND id IN (SELECT id FROM artefact WHERE model = ?1 ORDER BY expires LIMIT 100)',
    );
  }

  async upsert(id: string, payload: AdapterPayload, expiresIn: number | undefined): Promise<void> {
    const expires = this.now() + (expiresIn || 86_400);
    this.#upsert.run(
      this.model,
      id,
      payload.grantId ?? null,
      payload.uid ?? null,
      expires,
      null,
      this.file.sealed.seal(JSON.stringify(payload)),
    );
    if (Math.random() < 0.01) this.#bound.run(this.model, MOST);
  }

  async find(id: string): Promise<AdapterPayload | undefined> {
    return this.#read(this.#find.get(this.model, id, this.now()));
  }

  async findByUid(uid: string): Promise<AdapterPayload | undefined> {
    return this.#read(this.#findUid.get(this.model, uid, this.now()));
  }

  async findByUserCode(): Promise<undefined> {
    return undefined;
  }

  async consume(id: string): Promise<void> {
    this.file.database.prepare('UPDATE artefact SET consumed = ? WHERE model = ? AND id = ?').run(this.now(), this.model, id);
  }

  async destroy(id: string): Promise<void> {
    this.file.database.prepare('DELETE FROM artefact WHERE model = ? AND id = ?').run(this.model, id);
  }

  async revokeByGrantId(grantId: string): Promise<void> {
    this.file.database.prepare('DELETE FROM artefact WHERE grant_id = ?').run(grantId);
  }

  #read(row: unknown): AdapterPayload | undefined {
    if (!row) return undefined;
    const { consumed, sealed } = row as Row;
    const payload = JSON.parse(this.file.sealed.open(sealed)) as AdapterPayload;
    return consumed === null ? payload : { ...payload, consumed };
  }
}
