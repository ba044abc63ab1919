import { Controller, Inject } from '@nestjs/common';
import { {{contextName}} } from '@ateneo/contracts';
import { Refusal } from '@ateneo/event-sourcing';
import { Handles, type Request, RUNTIME, type ServiceRuntime } from '@ateneo/service-kit';
import { {{thing}} } from './{{thing-name}}.decider.js';

@Controller()
export class {{Thing}}Controller {
  constructor(@Inject(RUNTIME) private readonly runtime: ServiceRuntime) {}

  @Handles({{contextName}}.open{{Thing}})
  async open(asked: Request<typeof {{contextName}}.open{{Thing}}>) {
    const done = await this.runtime.run(asked, {{thing}}, asked.input.{{thing}}Id, { type: 'Open{{Thing}}', ...asked.input }, undefined);
    return done instanceof Refusal ? done : { token: done.token };
  }

  @Handles({{contextName}}.close{{Thing}})
  async close(asked: Request<typeof {{contextName}}.close{{Thing}}>) {
    const done = await this.runtime.run(asked, {{thing}}, asked.input.{{thing}}Id, { type: 'Close{{Thing}}' }, undefined);
    return done instanceof Refusal ? done : { token: done.token };
  }
}
