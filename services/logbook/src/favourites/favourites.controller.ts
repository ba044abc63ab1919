import { Controller } from '@nestjs/common';
import { logbook } from '@ateneo/contracts';
import { actorIdOf, Handles, type Request, ServiceRuntime } from '@ateneo/service-kit';
import { favourites } from './favourites.decider.js';

/** The activities that a trainee wants first in the form. */
@Controller()
export class FavouritesController {
  constructor(private readonly runtime: ServiceRuntime) {}

  @Handles(logbook.starActivity)
  async star(request: Request<typeof logbook.starActivity>) {
    const traineeId = actorIdOf(request);
    const { activity, starred } = request.input;
    return this.runtime.command(request, favourites, traineeId, { type: starred ? 'StarActivity' : 'UnstarActivity', traineeId, activity });
  }
}
