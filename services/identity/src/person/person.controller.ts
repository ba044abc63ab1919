import { Controller, Inject } from '@nestjs/common';
import { identity } from '@ateneo/contracts';
import { Refusal, reject } from '@ateneo/event-sourcing';
import { type Done, Handles, type Request, RUNTIME, type ServiceRuntime } from '@ateneo/service-kit';
import { Credentials } from '../credentials/credentials.client.js';
import { Erasures } from '../erasure/erasures.client.js';
import { person } from './person.decider.js';

@Controller()
export class PersonController {
  constructor(
    @Inject(RUNTIME) private readonly runtime: ServiceRuntime,
    @Inject(Credentials) private readonly credentials: Credentials,
    @Inject(Erasures) private readonly erasures: Erasures,
  ) {}

  @Handles(identity.registerPerson)
  async register(request: Request<typeof identity.registerPerson>) {
    const { personId, username } = request.input;
    const owner = await this.credentials.personNamed(username);
    if (owner !== personId && (owner !== undefined || !(await this.credentials.reserveUsername(username, personId))))
      return reject('username-taken');
    const done = await this.runtime.run(request, person, personId, { type: 'RegisterPerson', ...request.input }, undefined);
    if (done instanceof Refusal && owner === undefined) await this.credentials.releaseUsername(username, personId);
    return answer(done);
  }

  @Handles(identity.changePersonDetails)
  async change(request: Request<typeof identity.changePersonDetails>) {
    const { personId, ...details } = request.input;
    return answer(await this.runtime.run(request, person, personId, { type: 'ChangePersonDetails', ...details }, undefined));
  }

  @Handles(identity.changeMyLanguage)
  async chooseLanguage(request: Request<typeof identity.changeMyLanguage>) {
    return answer(
      await this.runtime.run(request, person, request.actor?.id ?? '', { type: 'ChooseLanguage', ...request.input }, undefined),
    );
  }

  @Handles(identity.grantProfile)
  async grant(request: Request<typeof identity.grantProfile>) {
    const { personId, ...profile } = request.input;
    return answer(await this.runtime.run(request, person, personId, { type: 'GrantProfile', ...profile }, undefined));
  }

  @Handles(identity.endProfile)
  async end(request: Request<typeof identity.endProfile>) {
    const { personId, profileId, to } = request.input;
    return answer(await this.runtime.run(request, person, personId, { type: 'EndProfile', profileId, to }, undefined));
  }

  @Handles(identity.erasePerson)
  async erase(request: Request<typeof identity.erasePerson>) {
    const { personId, protocol } = request.input;
    const done = await this.runtime.run(request, person, personId, { type: 'ErasePerson', protocol }, undefined);
    if (!(done instanceof Refusal)) await this.erasures.carryOut(personId);
    return answer(done);
  }

  @Handles(identity.confirmForgotten)
  async confirm(request: Request<typeof identity.confirmForgotten>) {
    const { personId, service } = request.input;
    return answer(await this.erasures.confirm(personId, service));
  }
}

const answer = (done: Done | Refusal): Refusal | { token: string | undefined } => (done instanceof Refusal ? done : { token: done.token });
