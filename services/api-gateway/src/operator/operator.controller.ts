import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { operator } from '@ateneo/contracts';
import { askInstance, invalidInput, type OperatorAct, type Platform, type Problem, type Reply } from '@ateneo/service-kit';
import type { GatewayParts } from '../gateway-parts.module.js';
import type { ActorCaller } from '../guard/actors.client.js';
import { sendProblem } from '../http/replies.controller.js';
import { StatusBoard } from './status.client.js';

type Route = (request: FastifyRequest, caller: ActorCaller) => Promise<Reply>;

/** /api/operator: how every process is, and what waits aside; for administrators of the university. */
export class OperatorController {
  readonly #board: StatusBoard;

  constructor(
    private readonly parts: GatewayParts,
    private readonly platform: Platform,
  ) {
    this.#board = new StatusBoard(platform.bus);
  }

  mount(scope: FastifyInstance): void {
    scope.get(
      '/api/operator/status',
      this.#handler(async () => ({ ok: true, output: await this.#board.status() })),
    );
    this.#actOnReactions(scope);
    this.#act(scope, '/api/operator/parked/retry', operator.retryParked, ({ service, ...act }) => ({ service, act }));
    this.#act(scope, '/api/operator/parked/skip', operator.skipParked, ({ service, projection, key, ...skip }) => ({
      service,
      act: { projection, key, skip },
    }));
  }

  #actOnReactions(scope: FastifyInstance): void {
    const path = '/api/operator/reactions';
    this.#act(scope, `${path}/retry`, operator.retryReaction, ({ service, ...act }) => ({ service, act }));
    this.#act(scope, `${path}/give-up`, operator.giveUpReaction, ({ service, reason, ...act }) => ({
      service,
      act: { ...act, giveUp: { reason } },
    }));
  }

  #act<S extends z.ZodType>(
    scope: FastifyInstance,
    path: string,
    schema: S,
    read: (input: z.output<S>) => { readonly service: string; readonly act: OperatorAct },
  ): void {
    const route: Route = async (request, caller) => {
      const input = schema.safeParse(request.body);
      if (!input.success) return { ok: false, problem: invalidInput(input.error) };
      const { service, act } = read(input.data);
      return this.#askEach(service, act, caller, request.id);
    };
    scope.post(path, this.#handler(route));
  }

  /** Every instance of the service: those that have not set it aside themselves say so. */
  async #askEach(service: string, act: OperatorAct, caller: ActorCaller, correlationId: string): Promise<Reply> {
    const { instances } = await this.#board.status();
    const asked = instances.filter((one) => one.service === service && one.answers);
    if (asked.length === 0) return { ok: false, problem: { status: 503, code: 'service-unavailable' } };
    const silent: Problem = { status: 504, code: 'service-timeout' };
    const answers = await Promise.all(
      asked.map((one) =>
        askInstance(this.platform, one, act, caller, correlationId).catch(() => ({ ok: false as const, problem: silent })),
      ),
    );
    return (
      answers.find(({ ok }) => ok) ??
      answers.find((answer) => !answer.ok && !['parked-event-not-found', 'held-elsewhere'].includes(answer.problem.code)) ??
      (answers[0] as Reply)
    );
  }

  #handler(route: Route) {
    return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
      const who = await this.parts.guard.authenticate(request.method, request.headers);
      if (who.is === 'refused') return sendProblem(request, reply, who);
      if (who.is === 'anyone') return sendProblem(request, reply, { status: 401, code: 'sign-in-needed' });
      const { locale, profiles } = who.actor;
      if (!profiles.some(({ role, schoolId }) => role === 'administrator' && schoolId === null))
        return sendProblem(request, reply, { status: 403, code: 'forbidden' }, { locale });
      const answer = await route(request, who);
      if (!answer.ok) return sendProblem(request, reply, answer.problem, { locale });
      return reply.header('content-type', 'application/json; charset=utf-8').send(JSON.stringify(answer.output));
    };
  }
}
