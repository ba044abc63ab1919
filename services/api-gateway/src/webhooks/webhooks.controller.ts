import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { deliveriesQuery, type ProblemCode, webhookRegistration } from '@ateneo/contracts';
import { type Actor, invalidInput } from '@ateneo/service-kit';
import { typesBeginning } from '../events/event-types.rules.js';
import { seesSchool, visibleTo } from '../events/feed-scope.rules.js';
import type { GatewayParts } from '../gateway-parts.module.js';
import { sendProblem } from '../http/replies.controller.js';
import { TargetRefused } from './targets.client.js';
import { ServiceSilent, type Webhooks } from './webhooks.client.js';
import type { Delivery, Webhook, WebhookTable } from './webhook-table.client.js';

const MOST_WEBHOOKS = 200;

class Refused extends Error {
  constructor(
    readonly status: number,
    readonly code: ProblemCode,
    readonly details?: Readonly<Record<string, unknown>>,
  ) {
    super(code);
  }
}
type Route = (request: FastifyRequest, reply: FastifyReply, actor: Actor) => Promise<unknown> | unknown;

/** /api/webhooks: an administrator manages all of them, a service account its own. */
export class WebhooksController {
  constructor(
    private readonly parts: GatewayParts,
    private readonly webhooks: Webhooks,
    private readonly table: WebhookTable,
  ) {}

  mount(scope: FastifyInstance): void {
    const own = (work: (webhook: Webhook, request: FastifyRequest) => unknown): Route => {
      return async (request, _reply, actor) => work(await this.#find(request, actor), request);
    };
    const at = '/api/webhooks/:webhookId';
    scope.get(
      '/api/webhooks',
      this.#handler((_request, _reply, actor) => this.#list(actor)),
    );
    scope.post(
      '/api/webhooks',
      this.#handler((request, reply, actor) => this.#register(request, reply, actor)),
    );
    scope.get(at, this.#handler(own((webhook) => this.#view(webhook))));
    scope.delete(at, this.#handler(own(async ({ id }) => (await this.table.remove(id), {}))));
    scope.get(`${at}/deliveries`, this.#handler(own((webhook, request) => this.#deliveries(webhook, request))));
    scope.post(`${at}/redelivery`, this.#handler(own(async ({ id }) => ({ redelivered: await this.webhooks.redeliver(id) }))));
    scope.post(`${at}/deliveries/:eventId/redelivery`, this.#handler(own((webhook, request) => this.#redeliver(webhook, request))));
    scope.post(`${at}/secret`, this.#handler(own(({ id }) => this.webhooks.rotate(id))));
    scope.post(
      `${at}/pause`,
      this.#handler(own(async (webhook) => (await this.table.change(webhook.id, 'paused', null), this.#view(webhook)))),
    );
    scope.post(`${at}/resume`, this.#handler(own(async (webhook) => (await this.webhooks.resume(webhook.id), this.#view(webhook)))));
    scope.post(`${at}/test`, this.#handler(own((webhook) => this.webhooks.test(webhook))));
  }

  #handler(route: Route) {
    return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
      const who = await this.parts.guard.authenticate(request.method, request.headers);
      if (who.is === 'refused') return sendProblem(request, reply, who);
      if (who.is === 'anyone') return sendProblem(request, reply, { status: 401, code: 'sign-in-needed' });
      const { locale } = who.actor;
      if (!isAdministrator(who.actor) && !isTool(who.actor))
        return sendProblem(request, reply, { status: 403, code: 'forbidden' }, { locale });
      try {
        const answer = await route(request, reply, who.actor);
        return await reply.header('content-type', 'application/json; charset=utf-8').send(JSON.stringify(answer));
      } catch (error) {
        if (error instanceof z.ZodError) return sendProblem(request, reply, invalidInput(error), { locale });
        if (error instanceof TargetRefused)
          return sendProblem(request, reply, { status: 422, code: 'webhook-target-refused', details: { reason: error.code } }, { locale });
        if (error instanceof ServiceSilent) return sendProblem(request, reply, { status: 503, code: 'service-unavailable' }, { locale });
        if (error instanceof Refused) return sendProblem(request, reply, error as never, { locale });
        throw error;
      }
    };
  }

  async #register(request: FastifyRequest, reply: FastifyReply, actor: Actor): Promise<object> {
    const { webhookId: id, clientId: account = actor.id, url, types, schoolId: school, from } = webhookRegistration.parse(request.body);
    if (account !== actor.id && !isAdministrator(actor)) throw new Refused(403, 'forbidden');
    await this.#checkAccount(account, school);
    const unknown = types.filter((type) => typesBeginning([type]).length === 0);
    if (unknown.length > 0) throw new Refused(422, 'event-type-not-known', { types: unknown });
    if (await this.table.find(id)) throw new Refused(409, 'id-already-used');
    if ((await this.table.all()).length >= MOST_WEBHOOKS) throw new Refused(409, 'too-many-webhooks', { most: MOST_WEBHOOKS });
    const secret = await this.webhooks.register({ id, account, url, types, school, from });
    reply.code(201);
    return { webhook: await this.#view({ id }), secret };
  }

  /** A webhook sees what a service account sees. */
  async #checkAccount(account: string, school: string | null): Promise<void> {
    const caller = (await this.parts.actors.find(account))?.caller;
    if (caller?.actor.kind !== 'service-account') throw new Refused(422, 'account-not-known');
    if (!visibleTo(caller.actor) || (school !== null && !seesSchool(caller.actor, school))) throw new Refused(403, 'forbidden');
  }

  async #list(actor: Actor): Promise<object> {
    const all = (await this.table.all()).filter(({ account }) => isAdministrator(actor) || account === actor.id);
    return { webhooks: await Promise.all(all.map((webhook) => this.#view(webhook))) };
  }

  async #find(request: FastifyRequest, actor: Actor): Promise<Webhook> {
    const webhook = await this.table.find((request.params as { webhookId: string }).webhookId.toLowerCase());
    if (!webhook || (!isAdministrator(actor) && webhook.account !== actor.id)) throw new Refused(404, 'webhook-not-found');
    return webhook;
  }

  async #deliveries({ id }: Webhook, request: FastifyRequest): Promise<object> {
    const { state, limit } = deliveriesQuery.parse(request.query);
    return { deliveries: (await this.table.deliveries(id, state, limit)).map(deliveryView) };
  }

  async #redeliver({ id }: Webhook, request: FastifyRequest): Promise<object> {
    const redelivered = await this.webhooks.redeliver(id, (request.params as { eventId: string }).eventId);
    if (redelivered === 0) throw new Refused(404, 'dead-letter-not-found');
    return { redelivered };
  }

  async #view({ id }: Pick<Webhook, 'id'>): Promise<object> {
    const webhook = await this.table.find(id);
    if (!webhook) throw new Refused(404, 'webhook-not-found');
    const { waiting, dead, lastDelivered } = await this.table.counts(id);
    const failing = await this.table.failing(id);
    return {
      webhookId: id,
      clientId: webhook.account,
      url: webhook.url,
      types: webhook.types,
      schoolId: webhook.school,
      state: webhook.state,
      reason: webhook.reason,
      createdAt: webhook.created,
      waiting,
      deadLetters: dead,
      lagEvents: await this.webhooks.lag(webhook),
      lastDeliveredAt: instantOf(lastDelivered),
      lastFailure: failing ? { at: instantOf(failing.at), reason: failing.reason } : null,
    };
  }
}

const isAdministrator = ({ profiles }: Actor): boolean =>
  profiles.some(({ role, schoolId }) => role === 'administrator' && schoolId === null);
const isTool = ({ kind, profiles }: Actor): boolean => kind === 'service-account' && profiles.some(({ role }) => role === 'integration');
const instantOf = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());

const deliveryView = ({ event, subject, type, time, state, attempts, next, at, reason }: Delivery): object => ({
  eventId: event,
  subject,
  type,
  time,
  state,
  attempts,
  lastAttemptAt: instantOf(at),
  nextAttemptAt: instantOf(next),
  reason,
});
