import { Controller, Inject } from '@nestjs/common';
import { schoolNetwork } from '@ateneo/contracts';
import { Refusal } from '@ateneo/event-sourcing';
import { Handles, type Request, RUNTIME, type ServiceRuntime } from '@ateneo/service-kit';
import { unit } from './unit.decider.js';

/** Commands on the master list of units. */
@Controller()
export class UnitController {
  constructor(@Inject(RUNTIME) private readonly runtime: ServiceRuntime) {}

  @Handles(schoolNetwork.registerUnit)
  async register(request: Request<typeof schoolNetwork.registerUnit>) {
    const done = await this.runtime.run(request, unit, request.input.unitId, { type: 'RegisterUnit', ...request.input }, undefined);
    return done instanceof Refusal ? done : { token: done.token };
  }
}
