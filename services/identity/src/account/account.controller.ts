import { randomBytes } from 'node:crypto';
import { Controller } from '@nestjs/common';
import { identity } from '@ateneo/contracts';
import { Refusal } from '@ateneo/event-sourcing';
import { Handles, type Request, ServiceRuntime } from '@ateneo/service-kit';
import { Credentials } from '../credentials/credentials.client.js';
import { HashingLine } from '../credentials/hashing-line.worker.js';
import { matches, matchesRandomSecret, randomSecretHash } from '../credentials/secret-hash.rules.js';
import { People } from '../person/people.lookup.js';
import { account, accountIdOf, clientIdOf } from './account.decider.js';

@Controller()
export class AccountController {
  constructor(
    private readonly runtime: ServiceRuntime,
    private readonly people: People,
    private readonly credentials: Credentials,
    private readonly line: HashingLine,
  ) {}

  /** Sent again, it gives a new secret: the first one may have been lost on the way. */
  @Handles(identity.createServiceAccount)
  async create(request: Request<typeof identity.createServiceAccount>) {
    const { accountId } = request.input;
    const done = await this.runtime.run(request, account, accountId, {
      type: 'CreateServiceAccount',
      ...request.input,
      from: this.runtime.platform.clock.today(),
    });
    if (done instanceof Refusal) return done;
    const clientSecret = randomBytes(32).toString('base64url');
    await this.credentials.setAccountSecret(accountId, randomSecretHash(clientSecret, this.credentials.secretKey));
    return { clientId: clientIdOf(accountId), clientSecret };
  }

  @Handles(identity.revokeServiceAccount)
  async revoke(request: Request<typeof identity.revokeServiceAccount>) {
    const done = await this.runtime.command(request, account, request.input.accountId, { type: 'RevokeServiceAccount' });
    if (done instanceof Refusal) return done;
    await this.credentials.removeAccountSecret(request.input.accountId);
    return done;
  }

  @Handles(identity.findClient)
  async find({ input: { clientId } }: Request<typeof identity.findClient>) {
    const found = await this.#active(clientId);
    return { account: found ? { accountId: found.accountId, name: found.name } : null };
  }

  @Handles(identity.checkClientSecret)
  async check({ input: { clientId, clientSecret } }: Request<typeof identity.checkClientSecret>) {
    const found = await this.#active(clientId);
    if (!found) return { right: false };
    const { accountId, stored } = found;
    const key = this.credentials.secretKey;
    const right = matchesRandomSecret(clientSecret, stored, key);
    if (right !== undefined) return { right };
    if (!(await this.line.run(() => matches(clientSecret, stored)))) return { right: false };
    await this.credentials.keepAccountSecretAs(accountId, randomSecretHash(clientSecret, key), stored);
    return { right: true };
  }

  async #active(clientId: string) {
    const accountId = accountIdOf(clientId);
    const found = accountId === undefined ? undefined : await this.people.account(accountId);
    const stored = accountId === undefined ? undefined : await this.credentials.accountSecretHash(accountId);
    return found?.is === 'active' && stored !== undefined ? { accountId: found.accountId, name: found.name, stored } : undefined;
  }
}
