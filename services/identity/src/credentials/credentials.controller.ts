import { Controller } from '@nestjs/common';
import { identity } from '@ateneo/contracts';
import { reject } from '@ateneo/event-sourcing';
import { Handles, Platform, type Request } from '@ateneo/service-kit';
import { People } from '../person/people.lookup.js';
import { Credentials, INVITATION_MINUTES } from './credentials.client.js';
import { HashingLine } from './hashing-line.worker.js';
import { hashOf, isCurrent, matches, NO_HASH } from './secret-hash.rules.js';

@Controller()
export class CredentialsController {
  constructor(
    private readonly platform: Platform,
    private readonly people: People,
    private readonly credentials: Credentials,
    private readonly line: HashingLine,
  ) {}

  @Handles(identity.inviteToSignIn)
  async invite({ input: { personId } }: Request<typeof identity.inviteToSignIn>) {
    const { is } = await this.people.person(personId);
    if (is === 'absent') return reject('person-not-found');
    if (is === 'erased') return reject('person-erased');
    return { link: invitationLink(this.platform, await this.credentials.invite(personId)), validMinutes: INVITATION_MINUTES };
  }

  @Handles(identity.setPassword)
  async setPassword({ input: { secret, password } }: Request<typeof identity.setPassword>) {
    const personId = await this.credentials.invitedBy(secret);
    const state = personId === undefined ? undefined : await this.people.person(personId);
    if (state?.is !== 'known') return reject('invitation-not-valid');
    const hash = await this.line.run(() => hashOf(password));
    if ((await this.credentials.useInvitation(secret)) === undefined) return reject('invitation-not-valid');
    await this.credentials.setPassword(state.personId, hash);
    return { username: state.username };
  }

  @Handles(identity.checkPassword)
  async check({ input: { username, password } }: Request<typeof identity.checkPassword>) {
    const personId = await this.credentials.personNamed(username);
    const stored = personId === undefined ? undefined : await this.credentials.passwordHash(personId);
    return this.line.run(async () => {
      if (!(await matches(password, stored ?? NO_HASH)) || personId === undefined || stored === undefined) return { personId: null };
      if (!isCurrent(stored)) await this.credentials.keepPasswordAs(personId, await hashOf(password), stored);
      return { personId };
    });
  }
}

/** The page of the gateway where an invited person sets a password. */
export const invitationLink = ({ publicUrl }: Platform, secret: string): string => `${publicUrl}/auth/invitation?secret=${secret}`;
