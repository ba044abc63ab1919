import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { Refusal, uuidv8 } from '@ateneo/event-sourcing';
import { positionToken } from '@ateneo/messaging';
import { type Component, Platform, ServiceRuntime } from '@ateneo/service-kit';
import { Credentials } from '../credentials/credentials.client.js';
import { invitationLink } from '../credentials/credentials.controller.js';
import { directoryCollection } from '../directory/directory.projection.js';
import { FIRST_ACCESS, type FirstAccess } from '../identity.config.js';
import { People } from '../person/people.lookup.js';
import { person, type PersonCommand } from '../person/person.decider.js';

const ID = uuidv8('first administrator');
const PROFILE_ID = uuidv8('first administrator', 'profile');
const USERNAME = 'amministratore';
const NAMES = { givenName: 'Amministratore', familyName: 'Ateneo', staffNumber: null } as const;
/** Longer, and nobody is registered: the next start looks again. */
const FOLDED_MS = 30_000;
const NO_ADDRESS = 'amministratore@localhost.invalid';

/**
 * An installation that nobody administers registers one person who does: under ids that do not vary, so that instances which start at the same
 * instant register one. How that person gets in the first time: docs/adr/0052.
 */
@Injectable()
export class FirstAdministrator implements Component {
  constructor(
    @Inject(FIRST_ACCESS) private readonly access: FirstAccess,
    private readonly runtime: ServiceRuntime,
    private readonly platform: Platform,
    private readonly people: People,
    private readonly credentials: Credentials,
  ) {}

  async start(): Promise<void> {
    const { email, secret } = this.access;
    if (email === undefined || this.platform.demo || !(await this.#isThere())) return;
    if (secret === undefined || !(await this.#wantsPassword())) return;
    await this.credentials.invite(ID, { secret, until: Number.MAX_SAFE_INTEGER });
    this.runtime.log.info(
      { personId: ID },
      'the first administrator has no password yet: FIRST_ADMINISTRATOR_SECRET is the secret of the invitation (docs/runbook.md)',
    );
  }

  /** A link for a password, while there is none; undefined too where a realm elsewhere keeps passwords. */
  async link(): Promise<string | undefined> {
    if (!(await this.#wantsPassword()) || !(await this.#isThere())) return undefined;
    return invitationLink(this.platform, await this.credentials.invite(ID));
  }

  /** Passwords are kept here, and there is none yet. */
  async #wantsPassword(): Promise<boolean> {
    return this.platform.config.OIDC_ISSUER === 'embedded' && (await this.credentials.passwordHash(ID)) === undefined;
  }

  /** Registered now or before; not where others administer, or where the person was erased. */
  async #isThere(): Promise<boolean> {
    const { is } = await this.people.person(ID);
    if (is === 'erased' || (is === 'absent' && (await this.#isAdministered()))) return false;
    if (!(await this.credentials.reserveUsername(USERNAME, ID))) return false;
    await this.#carryOut({
      type: 'RegisterPerson',
      personId: ID,
      username: USERNAME,
      locale: 'it',
      email: this.access.email ?? NO_ADDRESS,
      ...NAMES,
    });
    const from = this.platform.clock.today();
    await this.#carryOut({ type: 'GrantProfile', profileId: PROFILE_ID, role: 'administrator', schoolId: null, from, to: null });
    if (is === 'absent') this.runtime.log.info({ personId: ID }, `nobody administered: registered with the user name ${USERNAME}`);
    return true;
  }

  /** As far as everything stored is folded: an administrator of long ago is not overlooked while the directory is built anew. */
  async #isAdministered(): Promise<boolean> {
    const { store, definition, runner } = this.runtime;
    const position = await store.head();
    const token = positionToken({ service: definition.name, epoch: store.epoch, partition: 0, position });
    if (position > 0 && (await runner.waitFor(token, FOLDED_MS)).stale) return true;
    const today = this.platform.clock.today();
    const people = await this.runtime.collection(directoryCollection).find({});
    return people.some(({ profiles }) => profiles.some(({ role, to }) => role === 'administrator' && (to === null || to >= today)));
  }

  /** What was done before stays as it is: other details or another day are no change. */
  async #carryOut(command: PersonCommand): Promise<void> {
    const done = await this.runtime.runAs('first-start', person, ID, command, { correlationId: randomUUID() });
    if (done instanceof Refusal && done.code !== 'id-already-used')
      throw new Error(`the first administrator could not be registered: ${done.code}`);
  }
}

/** Whether an account of the realm is made with a password for once. */
export const isFirstAdministrator = (personId: string): boolean => personId === ID;
