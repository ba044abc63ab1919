import { Controller } from '@nestjs/common';
import { schoolNetwork } from '@ateneo/contracts';
import { Handles, type Request, ServiceRuntime } from '@ateneo/service-kit';
import { streamOfSet } from '../known/network-references.lookup.js';
import { requirementSet } from './requirement-set.decider.js';

/** Commands on requirement sets. */
@Controller()
export class RequirementSetController {
  constructor(private readonly runtime: ServiceRuntime) {}

  @Handles(schoolNetwork.publishRequirementSet)
  async publish(request: Request<typeof schoolNetwork.publishRequirementSet>) {
    return this.runtime.command(request, requirementSet, streamOfSet(request.input.set.id), {
      type: 'PublishRequirementSet',
      ...request.input,
    });
  }
}
