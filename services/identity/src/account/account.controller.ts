import { randomBytes } from 'node:crypto';
import { Controller, Inject } from '@nestjs/common';
import { identity } from '@ateneo/contracts';
import { Refusal } from '@ateneo/event-sourcing';
import { Handles, type Request, RUNTIME, type ServiceRuntime } from '@ateneo/service-kit';
import { Credentials } from '../credentials/credentials.client.js';
import { hashOf } from '../credentials/secret-hash.rules.js';
import { People } from '../person/people.client.js';
import { account, accountIdOf, clientIdOf } from './account.decider.js';

@Controller()
export class AccountController {
  constructor(
    @Inject(RUNTIME) private readonly runtime: ServiceRuntime,
    @Inject(People) private readonly people: People,
    @Inject(Credentials) private readonly credentials: Credentials,
  ) {}

  /** Sent again, it gives a new secret: the first one may have been lost on the way. */
  @Handles(identity.createServiceAccount)
  async create(request: Request<typeof identity.createServiceAccount>) {
    const { accountId } = request.input;
    const done = await this.runtime.run(
      request,
      account,
      accountId,
      { type: 'CreateServiceAccount', ...request.input, from: this.runtime.platform.clock.today() },
      undefined,
    );
    if (done instanceof Refusal) return done;
    const clientSecret = randomBytes(32).toString('base64url');
    this.credentials.setAccountSecret(accountId, await hashOf(clientSecret));
    return { clientId: clientIdOf(accountId), clientSecret };
  }

  @Handles(identity.revokeServiceAccount)
  async revoke(request: Request<typeof identity.revokeServiceAccount>) {
    const done = await this.runtime.run(request, account, request.input.accountId, { type: 'RevokeServiceAccount' }, undefined);
    if (done instanceof Refusal) return done;
    this.credentials.setAccountSecret(request.input.accountId, undefined);
    return { token: done.token };
  }

  @Handles(identity.findClient)
  async find({ input: { clientId } }: Request<typeof identity.findClient>) {
    const accountId = accountIdOf(clientId);
    const found = accountId === undefined ? undefined : await this.people.account(accountId);
    const secretHash = accountId === undefined ? undefined : this.credentials.accountSecretHash(accountId);
    return { account: found?.is === 'active' && secretHash ? { accountId: found.accountId, name: found.name, secretHash } : null };
  }
}
