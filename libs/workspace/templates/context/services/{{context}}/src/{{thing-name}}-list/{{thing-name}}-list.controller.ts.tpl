import { Controller } from '@nestjs/common';
import { {{contextName}} } from '@ateneo/contracts';
import type { Collection, Where } from '@ateneo/read-models';
import { Handles, type Request, ServiceRuntime } from '@ateneo/service-kit';
import { type {{Thing}}Document, {{thing}}Documents } from './{{thing-name}}-list.projection.js';

@Controller()
export class {{Thing}}ListController {
  readonly #documents: Collection<{{Thing}}Document>;

  constructor(runtime: ServiceRuntime) {
    this.#documents = runtime.collection({{thing}}Documents);
  }

  @Handles({{contextName}}.list{{Things}})
  async list({ input }: Request<typeof {{contextName}}.list{{Things}}>) {
    const where: Where = input.state === undefined ? {} : { state: input.state };
    const sort = [{ by: 'closesOn', descending: true }];
    const [total, found] = await Promise.all([
      this.#documents.count(where),
      this.#documents.find({ where, sort, offset: (input.page - 1) * input.size, limit: input.size }),
    ]);
    return { total, {{things}}: found };
  }
}
