import { Controller } from '@nestjs/common';
import { schoolNetwork } from '@ateneo/contracts';
import { Handles, type Request, ServiceRuntime } from '@ateneo/service-kit';
import { unit } from './unit.decider.js';

/** Commands on the master list of units. */
@Controller()
export class UnitController {
  constructor(private readonly runtime: ServiceRuntime) {}

  @Handles(schoolNetwork.registerUnit)
  async register(request: Request<typeof schoolNetwork.registerUnit>) {
    return this.runtime.command(request, unit, request.input.unitId, { type: 'RegisterUnit', ...request.input });
  }
}
