import type { FastifyInstance } from 'fastify';
import { unheard } from '@ateneo/event-sourcing';
import type { Platform } from '@ateneo/service-kit';
import { Feed } from '../events/feed.client.js';
import type { GatewayParts } from '../gateway-parts.module.js';
import { Targets } from './targets.client.js';
import { Webhooks } from './webhooks.client.js';
import { WebhooksController } from './webhooks.controller.js';
import type { Webhook, WebhookTable } from './webhook-table.client.js';

/** Webhooks: routes at every gateway; events taken in, deliveries and metrics at one of those that share a table. */
export class WebhooksModule {
  readonly #webhooks: Webhooks;
  #delivers = false;
  #leave: (() => Promise<void>) | undefined;

  constructor(
    private readonly parts: GatewayParts,
    private readonly platform: Platform,
    private readonly table: WebhookTable,
    allowPrivate: boolean,
  ) {
    const { bus, metrics, publicUrl, onProblem } = platform;
    this.#webhooks = new Webhooks({
      table,
      feed: new Feed(bus, onProblem),
      bus,
      actors: parts.actors,
      targets: new Targets(allowPrivate),
      onProblem,
      source: `${publicUrl}/api-gateway`,
    });
    const each = async (value: (webhook: Webhook) => Promise<number>) => {
      if (!this.#delivers) return [];
      const webhooks = (await table.all().catch(unheard('the other figures are told; deliveries say that it is away'))) ?? [];
      return Promise.all(webhooks.map(async (webhook) => ({ labels: { webhook: webhook.id }, value: await value(webhook) })));
    };
    metrics.gauge('ateneo_webhook_dead_letters', 'Deliveries given up after 24 hours, kept 30 days', ['webhook'], () =>
      each(async ({ id }) => (await table.counts(id)).dead),
    );
    metrics.gauge('ateneo_webhook_lag_events', 'Events a webhook has not been delivered', ['webhook'], () =>
      each((webhook) => this.#webhooks.lag(webhook)),
    );
  }

  mount(scope: FastifyInstance): void {
    new WebhooksController(this.parts, this.#webhooks, this.table).mount(scope);
  }

  /** Takes part in delivering; the holder alone does. */
  async start(): Promise<void> {
    this.#leave = await this.#takePart();
  }

  /** Resolves when no delivery of this gateway is on its way; another gateway goes on. */
  async stop(): Promise<void> {
    await this.#leave?.();
  }

  async #takePart(): Promise<() => Promise<void>> {
    const begin = async () => {
      await this.#webhooks.start();
      this.#delivers = true;
    };
    const end = async () => {
      this.#delivers = false;
      await this.#webhooks.stop();
    };
    if (!this.table.shared) {
      await begin();
      return end;
    }
    const shared = await this.platform.leases.share({ group: 'api-gateway.webhooks', units: ['one'], gained: begin, lost: end });
    return () => shared.leave();
  }
}
