import { Controller, Inject } from '@nestjs/common';
import { schoolNetwork } from '@ateneo/contracts';
import { Refusal } from '@ateneo/event-sourcing';
import { Handles, type Request, RUNTIME, type ServiceRuntime } from '@ateneo/service-kit';
import { streamOfSet } from '../known/network-references.client.js';
import { requirementSet } from './requirement-set.decider.js';

/** Commands on requirement sets. */
@Controller()
export class RequirementSetController {
  constructor(@Inject(RUNTIME) private readonly runtime: ServiceRuntime) {}

  @Handles(schoolNetwork.publishRequirementSet)
  async publish(request: Request<typeof schoolNetwork.publishRequirementSet>) {
    const done = await this.runtime.run(
      request,
      requirementSet,
      streamOfSet(request.input.set.id),
      { type: 'PublishRequirementSet', ...request.input },
      undefined,
    );
    return done instanceof Refusal ? done : { token: done.token };
  }
}
