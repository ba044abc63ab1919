import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { GatewayParts } from '../gateway-parts.module.js';
import { cookieOf, setCookie } from '../http/cookies.rules.js';
import { localeOf } from '../http/problems.rules.js';
import { subscriberOf } from '../http/rate-limit.rules.js';
import { sendProblem, tooMany } from '../http/replies.controller.js';
import { type IdentityProvider, REALM_PATH } from './identity-provider.client.js';
import { sendPage } from './invitation.controller.js';
import { secret } from './sealed-text.rules.js';
import { type DemoPerson, signInPage, type SignInPage } from './sign-in-pages.rules.js';

const MAX_FORM_BYTES = 8 * 1024;
const DEVICE_COOKIE = 'ateneo_device';
const DEVICE_SECONDS = 180 * 86_400;

/** The embedded realm under its own paths: the provider's protocol, and the page where people say who they are. */
export class RealmController {
  constructor(
    private readonly parts: GatewayParts,
    private readonly provider: IdentityProvider,
    private readonly font: string | undefined,
  ) {}

  mount(scope: FastifyInstance): void {
    // the provider reads its bodies itself
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, _payload, done) => done(null));
    scope.get(`${REALM_PATH}/sign-in/:uid`, (request, reply) => this.#page(request, reply));
    scope.post(`${REALM_PATH}/sign-in/:uid`, (request, reply) => this.#answer(request, reply));
    scope.all(`${REALM_PATH}/*`, (request, reply) => this.#protocol(request, reply));
  }

  async #protocol(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    if (request.method === 'POST') {
      const wait = this.parts.limits.token.take(subscriberOf(request.ip));
      if (wait) return void tooMany(request, reply, wait);
    }
    reply.hijack();
    reply.raw.setHeader('x-content-type-options', 'nosniff');
    reply.raw.setHeader('referrer-policy', 'no-referrer');
    await this.provider.handle(request.raw, reply.raw);
  }

  async #page(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | void> {
    const pending = await this.provider.pending(request.raw, reply.raw);
    if (!pending) return reply.redirect('/?sign-in=expired', 303);
    const people = await this.parts.identity.demoPeople();
    const hinted = people.find(({ username }) => username === pending.loginHint);
    if (hinted) return this.#enter(request, reply, hinted.personId);
    return this.#render(request, reply, { people });
  }

  async #answer(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | void> {
    const form = await readForm(request);
    if (!form) return sendProblem(request, reply, { status: 413, code: 'body-too-large' });
    if (!(await this.provider.pending(request.raw, reply.raw))) return reply.redirect('/?sign-in=expired', 303);
    const people = await this.parts.identity.demoPeople();
    const picked = people.find(({ username }) => username === form.get('as'));
    if (picked) return this.#enter(request, reply, picked.personId);
    return this.#withPassword(request, reply, people, (form.get('username') ?? '').trim().toLowerCase(), form.get('password') ?? '');
  }

  async #withPassword(
    request: FastifyRequest,
    reply: FastifyReply,
    people: readonly DemoPerson[],
    username: string,
    password: string,
  ): Promise<FastifyReply | void> {
    const { passwordTries, publicUrl } = this.parts;
    const device = cookieOf(request.headers.cookie, DEVICE_COOKIE);
    const seconds = passwordTries.take({ address: subscriberOf(request.ip), username, device });
    if (seconds)
      return this.#render(request, reply.code(429).header('retry-after', String(seconds)), {
        people,
        username,
        problem: { is: 'slow', seconds },
      });
    const checked = await this.parts.identity.checkPassword({ username, password }, request.id);
    if (!checked.ok) return sendProblem(request, reply, checked.problem);
    if (checked.output.personId) {
      const known = passwordTries.deviceOf({ username, device });
      const where = { secure: publicUrl.startsWith('https:'), seconds: DEVICE_SECONDS, path: `${REALM_PATH}/sign-in` };
      reply.raw.appendHeader('set-cookie', setCookie(DEVICE_COOKIE, known, where));
      return this.#enter(request, reply, checked.output.personId);
    }
    return this.#render(request, reply.code(401), { people, username, problem: { is: 'wrong' } });
  }

  async #enter(request: FastifyRequest, reply: FastifyReply, personId: string): Promise<void> {
    reply.hijack();
    await this.provider.finish(request.raw, reply.raw, personId);
  }

  #render(request: FastifyRequest, reply: FastifyReply, page: Pick<SignInPage, 'people' | 'username' | 'problem'>): FastifyReply {
    const nonce = secret(16);
    const html = signInPage({ ...page, nonce, font: this.font, locale: localeOf(request.headers['accept-language']), action: request.url });
    return sendPage(reply, nonce, html);
  }
}

async function readForm(request: FastifyRequest): Promise<URLSearchParams | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request.raw as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_FORM_BYTES) return undefined;
    chunks.push(chunk);
  }
  return new URLSearchParams(Buffer.concat(chunks).toString());
}
