import { Controller } from '@nestjs/common';
import { identity } from '@ateneo/contracts';
import { Refusal, reject } from '@ateneo/event-sourcing';
import { actorIdOf, Handles, type Request, ServiceRuntime } from '@ateneo/service-kit';
import { Credentials } from '../credentials/credentials.client.js';
import { Erasures } from '../erasure/erasures.worker.js';
import { person } from './person.decider.js';

@Controller()
export class PersonController {
  constructor(
    private readonly runtime: ServiceRuntime,
    private readonly credentials: Credentials,
    private readonly erasures: Erasures,
  ) {}

  @Handles(identity.registerPerson)
  async register(request: Request<typeof identity.registerPerson>) {
    const { personId, username } = request.input;
    const owner = await this.credentials.personNamed(username);
    if (owner !== personId && (owner !== undefined || !(await this.credentials.reserveUsername(username, personId))))
      return reject('username-taken');
    const done = await this.runtime.command(request, person, personId, { type: 'RegisterPerson', ...request.input });
    if (done instanceof Refusal && owner === undefined) await this.credentials.releaseUsername(username, personId);
    return done;
  }

  @Handles(identity.changePersonDetails)
  async change(request: Request<typeof identity.changePersonDetails>) {
    const { personId, ...details } = request.input;
    return this.runtime.command(request, person, personId, { type: 'ChangePersonDetails', ...details });
  }

  @Handles(identity.changeMyLanguage)
  async chooseLanguage(request: Request<typeof identity.changeMyLanguage>) {
    return this.runtime.command(request, person, actorIdOf(request), { type: 'ChooseLanguage', ...request.input });
  }

  @Handles(identity.grantProfile)
  async grant(request: Request<typeof identity.grantProfile>) {
    const { personId, ...profile } = request.input;
    return this.runtime.command(request, person, personId, { type: 'GrantProfile', ...profile });
  }

  @Handles(identity.endProfile)
  async end(request: Request<typeof identity.endProfile>) {
    const { personId, profileId, to } = request.input;
    return this.runtime.command(request, person, personId, { type: 'EndProfile', profileId, to });
  }

  @Handles(identity.erasePerson)
  async erase(request: Request<typeof identity.erasePerson>) {
    const { personId, protocol } = request.input;
    const done = await this.runtime.command(request, person, personId, { type: 'ErasePerson', protocol });
    if (!(done instanceof Refusal)) await this.erasures.carryOut(personId);
    return done;
  }

  @Handles(identity.confirmForgotten)
  async confirm(request: Request<typeof identity.confirmForgotten>) {
    const { personId, service } = request.input;
    return this.erasures.confirm(personId, service);
  }
}
