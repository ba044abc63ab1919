import { Controller } from '@nestjs/common';
import { {{contextName}} } from '@ateneo/contracts';
import { Handles, type Request, ServiceRuntime } from '@ateneo/service-kit';
import { {{thing}} } from './{{thing-name}}.decider.js';

@Controller()
export class {{Thing}}Controller {
  constructor(private readonly runtime: ServiceRuntime) {}

  @Handles({{contextName}}.open{{Thing}})
  open(asked: Request<typeof {{contextName}}.open{{Thing}}>) {
    return this.runtime.command(asked, {{thing}}, asked.input.{{thing}}Id, { type: 'Open{{Thing}}', ...asked.input });
  }

  @Handles({{contextName}}.close{{Thing}})
  close(asked: Request<typeof {{contextName}}.close{{Thing}}>) {
    return this.runtime.command(asked, {{thing}}, asked.input.{{thing}}Id, { type: 'Close{{Thing}}' });
  }
}
