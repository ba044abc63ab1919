import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { GatewayParts } from '../gateway-parts.module.js';
import { SESSION_COOKIE } from '../guard/guard.client.js';
import { cookieOf, setCookie } from '../http/cookies.rules.js';
import { localeOf } from '../http/problems.rules.js';
import { subscriberOf } from '../http/rate-limit.rules.js';
import { sendProblem, tooMany } from '../http/replies.controller.js';
import { ServerAwayError } from '../http/server-away.rules.js';
import { sendPage } from './invitation.controller.js';
import { localPath } from './return-path.rules.js';
import { secret } from './sealed-text.rules.js';
import type { Attempt, Session } from './sessions.client.js';
import { leftPage, type Locale, providerAwayPage } from './sign-in-pages.rules.js';

const BROWSER_COOKIE = 'ateneo_browser';
const LEFT = '/auth/signed-out';
const RETRY_SECONDS = '30';

/** Sign-in and sign-out of the portal: the code flow outwards, a session cookie inwards. */
export class SignInController {
  readonly #secure: boolean;
  constructor(
    private readonly parts: GatewayParts,
    private readonly font: string | undefined,
  ) {
    this.#secure = parts.publicUrl.startsWith('https:');
  }

  mount(scope: FastifyInstance): void {
    scope.get('/auth/sign-in', (request, reply) => this.#begin(request, reply));
    scope.get('/auth/callback', (request, reply) => this.#finish(request, reply));
    scope.get(LEFT, (request, reply) => this.#page(request, reply, (locale, nonce) => leftPage(locale, nonce, this.font)));
    scope.register(async (forms) => {
      // a plain form works without scripts; it has nothing to say but that it was sent
      forms.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string', bodyLimit: 1_024 }, (_request, _body, done) =>
        done(null),
      );
      forms.post('/auth/sign-out', (request, reply) => this.#leave(request, reply));
    });
    scope.get('/api/session', (request, reply) => this.#show(request, reply));
  }

  async #begin(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const wait = this.parts.limits.signIn.take(subscriberOf(request.ip));
    if (wait) return tooMany(request, reply, wait);
    const { return: returnTo = '/', as, here } = request.query as Record<string, string | undefined>;
    const local = typeof returnTo === 'string' ? localPath(returnTo) : undefined;
    if (local === undefined) return sendProblem(request, reply, { status: 400, code: 'return-not-local' });
    // cookies belong to one host name: a visitor of another name of this machine goes on under the public one
    if (request.headers.host !== new URL(this.parts.publicUrl).host && here === undefined)
      return reply.redirect(`${this.parts.publicUrl}${request.url}${request.url.includes('?') ? '&' : '?'}here=1`, 302);
    const { relyingParty, sessions } = this.parts;
    if (await relyingParty.isAway()) return this.#away(request, reply, local);
    const browser = cookieOf(request.headers.cookie, BROWSER_COOKIE) ?? secret(16);
    const [verifier, nonce] = [relyingParty.newVerifier(), secret(16)];
    const state = await sessions.begin({ browser, verifier, nonce, returnTo: local });
    reply.header('set-cookie', setCookie(BROWSER_COOKIE, browser, { secure: this.#secure, seconds: 3_600, path: '/auth' }));
    return reply.redirect(
      relyingParty.authorizationUrl({
        state,
        nonce,
        verifier,
        loginHint: typeof as === 'string' ? as : undefined,
        locale: localeOf(request.headers['accept-language']),
      }),
      302,
    );
  }

  async #finish(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { code, state } = request.query as Record<string, string | undefined>;
    const { sessions } = this.parts;
    const attempt = typeof state === 'string' ? await sessions.finish(state) : undefined;
    if (!attempt || attempt.browser !== cookieOf(request.headers.cookie, BROWSER_COOKIE)) return reply.redirect('/?sign-in=expired', 303);
    try {
      return await this.#enter(request, reply, attempt, code);
    } catch (error) {
      if (error instanceof ServerAwayError && error.code === 'identity-provider-away') return this.#away(request, reply, attempt.returnTo);
      throw error;
    }
  }

  async #enter(request: FastifyRequest, reply: FastifyReply, attempt: Attempt, code: string | undefined): Promise<FastifyReply> {
    const { sessions, relyingParty, tokens, guard } = this.parts;
    const redeemed = typeof code === 'string' ? await relyingParty.redeem(code, attempt.verifier) : undefined;
    const verified = redeemed && redeemed.nonce === attempt.nonce ? await tokens.verify(redeemed.accessToken) : undefined;
    if (!redeemed || !verified) return reply.redirect('/?sign-in=failed', 303);
    const standing = await guard.standingOf(verified);
    if (standing?.caller.actor.kind !== 'person') return reply.redirect('/?sign-in=unknown', 303);
    const old = cookieOf(request.headers.cookie, SESSION_COOKIE);
    if (old) await sessions.close(old);
    const cookie = await sessions.open({
      subject: standing.caller.actor.id,
      idToken: redeemed.idToken,
      signIns: standing.signIns,
      providerSession: verified.session,
    });
    reply.header('set-cookie', setCookie(SESSION_COOKIE, cookie, { secure: this.#secure }));
    return reply.redirect(attempt.returnTo, 303);
  }

  async #leave(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    if (!this.parts.guard.sameOrigin(request.headers)) return sendProblem(request, reply, { status: 403, code: 'cross-site-request' });
    const cookie = cookieOf(request.headers.cookie, SESSION_COOKIE);
    const session = cookie ? await this.parts.sessions.find(cookie) : undefined;
    const location = session ? await this.#wayOut(session) : '/';
    if (cookie) await this.parts.sessions.close(cookie);
    if (session) this.parts.tellEnded(session.subject);
    reply.header('set-cookie', setCookie(SESSION_COOKIE, '', { secure: this.#secure, seconds: 0 }));
    if (request.headers.accept?.includes('application/json')) return reply.send({ location });
    return reply.redirect(location, 303);
  }

  async #wayOut(session: Session): Promise<string> {
    const { relyingParty } = this.parts;
    return (await relyingParty.isAway()) ? LEFT : relyingParty.leave(session);
  }

  #away(request: FastifyRequest, reply: FastifyReply, returnTo: string): FastifyReply {
    const retry = `/auth/sign-in?${new URLSearchParams({ return: returnTo })}`;
    reply.code(503).header('retry-after', RETRY_SECONDS);
    return this.#page(request, reply, (locale, nonce) => providerAwayPage(locale, nonce, retry, this.font));
  }

  #page(request: FastifyRequest, reply: FastifyReply, render: (locale: Locale, nonce: string) => string): FastifyReply {
    const nonce = secret(16);
    return sendPage(reply, nonce, render(localeOf(request.headers['accept-language']), nonce));
  }

  async #show(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const who = await this.parts.guard.authenticate('GET', request.headers);
    if (who.is === 'refused') return sendProblem(request, reply, who);
    return reply.header('cache-control', 'no-store').send({ person: who.is === 'actor' ? who.actor : null });
  }
}
