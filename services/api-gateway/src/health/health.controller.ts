import type { FastifyInstance } from 'fastify';
import { asyncApiDocument } from '@ateneo/contracts/asyncapi';
import { openApiDocument } from '@ateneo/contracts/openapi';
import { Platform } from '@ateneo/service-kit';
import { isFromInside } from '../http/odd-requests.controller.js';
import { sendProblem } from '../http/replies.controller.js';

/** Health, metrics and the description of the interface. */
export class HealthController {
  constructor(private readonly platform: Platform) {}

  mount(scope: FastifyInstance): void {
    scope.get('/health/live', (_request, reply) => reply.header('cache-control', 'no-store').send({ live: true }));
    scope.get('/health/ready', (_request, reply) => {
      const readiness = this.platform.health.readiness();
      return reply
        .code(readiness.ready ? 200 : 503)
        .header('cache-control', 'no-store')
        .send(readiness);
    });
    scope.get('/metrics', async (request, reply) => {
      if (!isFromInside(request.raw)) return sendProblem(request, reply, { status: 404, code: 'route-not-found' });
      const { contentType } = this.platform.metrics.registry;
      return reply.header('content-type', contentType).send(await this.platform.metrics.registry.metrics());
    });
    this.#describe(scope, '/openapi.json', openApiDocument);
    this.#describe(scope, '/asyncapi.json', asyncApiDocument);
  }

  #describe(scope: FastifyInstance, path: string, make: (publicUrl: string) => object): void {
    let document: string | undefined;
    scope.get(path, (_request, reply) => {
      document ??= JSON.stringify(make(this.platform.publicUrl));
      return reply.header('content-type', 'application/json; charset=utf-8').header('access-control-allow-origin', '*').send(document);
    });
  }
}
