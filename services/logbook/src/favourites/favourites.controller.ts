import { Controller, Inject } from '@nestjs/common';
import { logbook } from '@ateneo/contracts';
import { Refusal } from '@ateneo/event-sourcing';
import { Handles, type Request, RUNTIME, type ServiceRuntime } from '@ateneo/service-kit';
import { favourites } from './favourites.decider.js';

/** The activities that a trainee wants first in the form. */
@Controller()
export class FavouritesController {
  constructor(@Inject(RUNTIME) private readonly runtime: ServiceRuntime) {}

  @Handles(logbook.starActivity)
  async star(request: Request<typeof logbook.starActivity>) {
    const traineeId = request.actor?.id ?? '';
    const { activity, starred } = request.input;
    const done = await this.runtime.run(
      request,
      favourites,
      traineeId,
      { type: starred ? 'StarActivity' : 'UnstarActivity', traineeId, activity },
      undefined,
    );
    return done instanceof Refusal ? done : { token: done.token };
  }
}
