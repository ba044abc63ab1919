import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import type { Platform } from '@ateneo/service-kit';
import { Feed } from '../events/feed.client.js';
import type { GatewayParts } from '../gateway-parts.module.js';
import { Targets } from './targets.client.js';
import { Webhooks } from './webhooks.client.js';
import { WebhooksController } from './webhooks.controller.js';
import { WebhooksFile } from './webhooks-file.client.js';

/** Webhooks of this gateway, kept in its data folder: routes, deliveries, metrics. */
export class WebhooksModule {
  readonly #file: WebhooksFile;
  readonly #webhooks: Webhooks;

  constructor(
    private readonly parts: GatewayParts,
    { folder, masterKey, bus, metrics, publicUrl, onProblem }: Platform,
    allowPrivate: boolean,
  ) {
    this.#file = new WebhooksFile(join(folder, 'api-gateway.webhooks.sqlite'), masterKey);
    this.#webhooks = new Webhooks({
      file: this.#file,
      feed: new Feed(bus, onProblem),
      bus,
      actors: parts.actors,
      targets: new Targets(allowPrivate),
      onProblem,
      source: `${publicUrl}/api-gateway`,
    });
    metrics.gauge('ateneo_webhook_dead_letters', 'Deliveries given up after 24 hours, kept 30 days', ['webhook'], () =>
      this.#file.all().map(({ id }) => ({ labels: { webhook: id }, value: this.#file.counts(id).dead })),
    );
    metrics.gauge('ateneo_webhook_lag_events', 'Events a webhook has not been delivered', ['webhook'], () =>
      this.#file.all().map((webhook) => ({ labels: { webhook: webhook.id }, value: this.#webhooks.lag(webhook) })),
    );
  }

  mount(scope: FastifyInstance): void {
    new WebhooksController(this.parts, this.#webhooks, this.#file).mount(scope);
    this.#webhooks.start();
  }

  /** Resolves when no delivery is on its way. */
  stop(): Promise<void> {
    return this.#webhooks.stop();
  }

  close(): void {
    this.#file.close();
  }
}
