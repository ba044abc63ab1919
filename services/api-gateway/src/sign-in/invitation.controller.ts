import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { GatewayParts } from '../gateway-parts.module.js';
import { localeOf } from '../http/problems.rules.js';
import { subscriberOf } from '../http/rate-limit.rules.js';
import { sendProblem } from '../http/replies.controller.js';
import { secret as newSecret } from './sealed-text.rules.js';
import { invitationPage, type InvitationPage, passwordSavedPage } from './sign-in-pages.rules.js';

/** Where the link of an invitation leads: a page that sets a password, without scripts. */
export class InvitationController {
  constructor(
    private readonly parts: GatewayParts,
    private readonly font: string | undefined,
  ) {}

  mount(scope: FastifyInstance): void {
    const form = { parseAs: 'string' as const, bodyLimit: 4_096 };
    scope.addContentTypeParser('application/x-www-form-urlencoded', form, (_request, body, done) =>
      done(null, new URLSearchParams(body.toString())),
    );
    scope.get('/auth/invitation', (request, reply) =>
      this.#ask(request, reply, { secret: String((request.query as { secret?: string }).secret ?? '') }),
    );
    scope.post('/auth/invitation', (request, reply) => this.#set(request, reply));
  }

  async #set(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const form = request.body instanceof URLSearchParams ? request.body : new URLSearchParams();
    const [secret, password] = [form.get('secret') ?? '', form.get('password') ?? ''];
    const seconds = this.parts.limits.password.take(subscriberOf(request.ip));
    if (seconds) return this.#ask(request, reply.code(429).header('retry-after', String(seconds)), { secret, problem: { seconds } });
    const answer = await this.parts.identity.setPassword({ secret, password }, request.id);
    if (!answer)
      return this.#ask(request, reply.code(400), { secret, problem: password.length < 10 || password.length > 200 ? 'tooShort' : 'over' });
    if (answer.ok)
      return this.#page(request, reply, (nonce, locale) =>
        passwordSavedPage({ nonce, locale, username: answer.output.username, font: this.font }),
      );
    if (answer.problem.code === 'invitation-not-valid') return this.#ask(request, reply.code(422), { secret, problem: 'over' });
    return sendProblem(request, reply, answer.problem);
  }

  #ask(request: FastifyRequest, reply: FastifyReply, page: Pick<InvitationPage, 'secret' | 'problem'>): FastifyReply {
    return this.#page(request, reply, (nonce, locale) => invitationPage({ ...page, nonce, locale, font: this.font }));
  }

  #page(request: FastifyRequest, reply: FastifyReply, render: (nonce: string, locale: 'it' | 'en') => string): FastifyReply {
    const nonce = newSecret(16);
    return sendPage(reply, nonce, render(nonce, localeOf(request.headers['accept-language'])));
  }
}

/** A page of the sign-in: nothing runs in it, nothing of it is kept, and its address goes nowhere. */
export const sendPage = (reply: FastifyReply, nonce: string, html: string): FastifyReply =>
  reply
    .header('content-type', 'text/html; charset=utf-8')
    .header('cache-control', 'no-store')
    .header('x-content-type-options', 'nosniff')
    .header('referrer-policy', 'no-referrer')
    .header(
      'content-security-policy',
      `default-src 'none'; style-src 'nonce-${nonce}'; font-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'`,
    )
    .send(html);
