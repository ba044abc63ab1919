import { connectMongo, databaseOf, isDuplicate } from '@ateneo/event-sourcing/mongo';
import type { Connection, mongo } from 'mongoose';
import type { CredentialTable, DemoMark, Password } from './credential-table.client.js';

type OfPerson = { readonly _id: string; readonly person: string };
type Invitation = OfPerson & { readonly expires: number };
type StoredPassword = Password & { readonly _id: string };
type StoredSecret = { readonly _id: string; readonly hash: string };
type StoredMark = { readonly _id: string; readonly place: number; readonly role: string; readonly note: DemoMark['note'] };

/** Credentials that all instances of identity share. */
class MongoCredentialTable implements CredentialTable {
  readonly #names: mongo.Collection<OfPerson>;
  readonly #passwords: mongo.Collection<StoredPassword>;
  readonly #invitations: mongo.Collection<Invitation>;
  readonly #secrets: mongo.Collection<StoredSecret>;
  readonly #marks: mongo.Collection<StoredMark>;

  constructor(
    private readonly connection: Connection,
    database: mongo.Db,
  ) {
    this.#names = database.collection('user-names');
    this.#passwords = database.collection('passwords');
    this.#invitations = database.collection('invitations');
    this.#secrets = database.collection('account-secrets');
    this.#marks = database.collection('demo-people');
  }

  async open(): Promise<void> {
    await this.#names.createIndex({ person: 1 });
    await this.#invitations.createIndex({ person: 1 });
    await this.#invitations.createIndex({ expires: 1 });
  }

  async reserveName(nameHash: string, personId: string): Promise<string> {
    await onceMore(() => this.#names.updateOne({ _id: nameHash }, { $setOnInsert: { person: personId } }, { upsert: true }));
    return (await this.ownerOf(nameHash)) ?? personId;
  }

  async releaseName(nameHash: string, personId: string): Promise<void> {
    await this.#names.deleteOne({ _id: nameHash, person: personId });
  }

  async ownerOf(nameHash: string): Promise<string | undefined> {
    return (await this.#names.findOne({ _id: nameHash }))?.person;
  }

  async password(personId: string): Promise<Password | undefined> {
    const found = await this.#passwords.findOne({ _id: personId });
    return found ? { hash: found.hash, changes: found.changes } : undefined;
  }

  async setPassword(personId: string, hash: string): Promise<void> {
    await onceMore(() => this.#passwords.updateOne({ _id: personId }, { $set: { hash }, $inc: { changes: 1 } }, { upsert: true }));
  }

  async keepPasswordAs(personId: string, hash: string, before: string): Promise<void> {
    await this.#passwords.updateOne({ _id: personId, hash: before }, { $set: { hash } });
  }

  async putInvitation(secretHash: string, personId: string, expires: number, now: number): Promise<void> {
    await this.#invitations.deleteMany({ $or: [{ person: personId, _id: { $ne: secretHash } }, { expires: { $lt: now } }] });
    await onceMore(() => this.#invitations.updateOne({ _id: secretHash }, { $set: { person: personId, expires } }, { upsert: true }));
  }

  async findInvitation(secretHash: string, now: number): Promise<string | undefined> {
    return (await this.#invitations.findOne({ _id: secretHash, expires: { $gte: now } }))?.person;
  }

  async takeInvitation(secretHash: string, now: number): Promise<string | undefined> {
    return (await this.#invitations.findOneAndDelete({ _id: secretHash, expires: { $gte: now } }))?.person;
  }

  async accountSecret(accountId: string): Promise<string | undefined> {
    return (await this.#secrets.findOne({ _id: accountId }))?.hash;
  }

  async setAccountSecret(accountId: string, hash: string): Promise<void> {
    await onceMore(() => this.#secrets.updateOne({ _id: accountId }, { $set: { hash } }, { upsert: true }));
  }

  async removeAccountSecret(accountId: string): Promise<void> {
    await this.#secrets.deleteOne({ _id: accountId });
  }

  async keepAccountSecretAs(accountId: string, hash: string, before: string): Promise<void> {
    await this.#secrets.updateOne({ _id: accountId, hash: before }, { $set: { hash } });
  }

  async markDemo(people: readonly DemoMark[]): Promise<void> {
    for (const [place, { personId, role, note }] of people.entries())
      await this.#marks.replaceOne({ _id: personId }, { place, role, note }, { upsert: true });
  }

  async demoMarks(): Promise<DemoMark[]> {
    const marks = await this.#marks.find().sort({ place: 1 }).toArray();
    return marks.map(({ _id, role, note }) => ({ personId: _id, role, note }));
  }

  async forget(personId: string): Promise<void> {
    await this.#names.deleteMany({ person: personId });
    await this.#invitations.deleteMany({ person: personId });
    await this.#passwords.deleteOne({ _id: personId });
    await this.#marks.deleteOne({ _id: personId });
  }

  async close(): Promise<void> {
    await this.connection.close();
  }
}

/** Of two that make a document at the same moment, the second finds it made. */
async function onceMore(write: () => Promise<unknown>): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    await write();
  }
}

/** Throws MongoUnavailableError. */
export async function openMongoCredentialTable(url: string, database = 'ateneo_identity_keys'): Promise<CredentialTable> {
  const connection = await connectMongo(url);
  const table = new MongoCredentialTable(connection, databaseOf(connection, database));
  try {
    await table.open();
    return table;
  } catch (error) {
    await connection.close();
    throw error;
  }
}
