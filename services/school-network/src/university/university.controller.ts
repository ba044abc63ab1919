import { Controller } from '@nestjs/common';
import { schoolNetwork } from '@ateneo/contracts';
import { uuidv8 } from '@ateneo/event-sourcing';
import { type Acting, Handles, type Request, ServiceRuntime } from '@ateneo/service-kit';
import { university, type UniversityCommand } from './university.decider.js';

/** There is one university: its stream is the same in every installation, whatever id it is given. */
const THE_UNIVERSITY = uuidv8('university');

/** Commands on the university. */
@Controller()
export class UniversityController {
  constructor(private readonly runtime: ServiceRuntime) {}

  @Handles(schoolNetwork.registerUniversity)
  register(request: Request<typeof schoolNetwork.registerUniversity>) {
    return this.#act(request, { type: 'RegisterUniversity', ...request.input });
  }

  @Handles(schoolNetwork.defineAutonomyScale)
  defineScale(request: Request<typeof schoolNetwork.defineAutonomyScale>) {
    return this.#act(request, { type: 'DefineAutonomyScale', ...request.input });
  }

  async #act(request: Acting, command: UniversityCommand) {
    return this.runtime.command(request, university, THE_UNIVERSITY, command);
  }
}
