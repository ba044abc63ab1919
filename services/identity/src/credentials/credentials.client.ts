import { createHash, createHmac, randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { type Component, Platform } from '@ateneo/service-kit';
import { clientIdOf } from '../account/account.decider.js';
import type { CredentialTable, DemoMark } from './credential-table.client.js';

export const INVITATION_MINUTES = 30;
export const CREDENTIAL_TABLE = Symbol('CREDENTIAL_TABLE');

/** `until`: ms since 1970. */
export type Invitation = { readonly secret: string; readonly until: number };

/** What is no event and never leaves: user names (as keyed hashes), passwords, invitations, secrets of service accounts. */
@Injectable()
export class Credentials implements Component {
  readonly #key: Buffer;
  readonly #secretKey: Buffer;

  constructor(
    private readonly platform: Platform,
    @Inject(CREDENTIAL_TABLE) private readonly table: CredentialTable,
  ) {
    this.#key = platform.derive('identity user names');
    this.#secretKey = platform.derive('identity secrets of service accounts');
  }

  stop(): Promise<void> {
    return this.table.close();
  }

  /** True where the name is the person's from now on: it was free or theirs already. */
  async reserveUsername(username: string, personId: string): Promise<boolean> {
    return (await this.table.reserveName(this.#hash(username), personId)) === personId;
  }

  releaseUsername(username: string, personId: string): Promise<void> {
    return this.table.releaseName(this.#hash(username), personId);
  }

  personNamed(username: string): Promise<string | undefined> {
    return this.table.ownerOf(this.#hash(username));
  }

  async passwordHash(personId: string): Promise<string | undefined> {
    return (await this.table.password(personId))?.hash;
  }

  /** Whatever was signed in with the one before is over. */
  async setPassword(personId: string, hash: string): Promise<void> {
    await this.table.setPassword(personId, hash);
    this.#tell(personId);
  }

  /** The same password, kept in another form: nothing that it signed in ends. */
  keepPasswordAs(personId: string, hash: string, before: string): Promise<void> {
    return this.table.keepPasswordAs(personId, hash, before);
  }

  /** How many times the person's password has been set. */
  async passwordChanges(personId: string): Promise<number> {
    return (await this.table.password(personId))?.changes ?? 0;
  }

  /** A secret that lets the person set a password once, for 30 minutes unless another is given; earlier ones are void. */
  async invite(personId: string, given: Invitation = this.#newInvitation()): Promise<string> {
    await this.table.putInvitation(sha256(given.secret), personId, given.until, this.platform.clock.now());
    return given.secret;
  }

  /** The person whom a valid invitation was made for; it stays. */
  invitedBy(secret: string): Promise<string | undefined> {
    return this.table.findInvitation(sha256(secret), this.platform.clock.now());
  }

  /** The same, and it is used up. */
  useInvitation(secret: string): Promise<string | undefined> {
    return this.table.takeInvitation(sha256(secret), this.platform.clock.now());
  }

  /** The key of the hashes of random secrets. */
  get secretKey(): Buffer {
    return this.#secretKey;
  }

  accountSecretHash(accountId: string): Promise<string | undefined> {
    return this.table.accountSecret(accountId);
  }

  setAccountSecret(accountId: string, hash: string): Promise<void> {
    return this.table.setAccountSecret(accountId, hash);
  }

  async removeAccountSecret(accountId: string): Promise<void> {
    await this.table.removeAccountSecret(accountId);
    this.#tell(clientIdOf(accountId));
  }

  /** The same secret, kept in another form; one revoked or made anew meanwhile stays as it is. */
  keepAccountSecretAs(accountId: string, hash: string, before: string): Promise<void> {
    return this.table.keepAccountSecretAs(accountId, hash, before);
  }

  markDemo(people: readonly DemoMark[]): Promise<void> {
    return this.table.markDemo(people);
  }

  demoMarks(): Promise<DemoMark[]> {
    return this.table.demoMarks();
  }

  /** Everything that the person signed in with. */
  forget(personId: string): Promise<void> {
    return this.table.forget(personId);
  }

  #newInvitation(): Invitation {
    return { secret: randomBytes(24).toString('base64url'), until: this.platform.clock.now() + INVITATION_MINUTES * 60_000 };
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
