import { Controller, Inject } from '@nestjs/common';
import { schoolNetwork } from '@ateneo/contracts';
import { Refusal, uuidv8 } from '@ateneo/event-sourcing';
import { Handles, type Request, RUNTIME, type ServiceRuntime } from '@ateneo/service-kit';
import { university, type UniversityCommand } from './university.decider.js';

/** There is one university: its stream is the same in every installation, whatever id it is given. */
const THE_UNIVERSITY = uuidv8('university');

/** Commands on the university. */
@Controller()
export class UniversityController {
  constructor(@Inject(RUNTIME) private readonly runtime: ServiceRuntime) {}

  @Handles(schoolNetwork.registerUniversity)
  register(request: Request<typeof schoolNetwork.registerUniversity>) {
    return this.#act(request, { type: 'RegisterUniversity', ...request.input });
  }

  @Handles(schoolNetwork.defineAutonomyScale)
  defineScale(request: Request<typeof schoolNetwork.defineAutonomyScale>) {
    return this.#act(request, { type: 'DefineAutonomyScale', ...request.input });
  }

  async #act(request: Pick<Request, 'actor' | 'commandId' | 'correlationId'>, command: UniversityCommand) {
    const done = await this.runtime.run(request, university, THE_UNIVERSITY, command, undefined);
    return done instanceof Refusal ? done : { token: done.token };
  }
}
