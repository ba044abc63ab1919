import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ProblemCode } from '@ateneo/contracts';
import { isAway, type OnProblem, type ProblemPlace, StoreUnavailableError } from '@ateneo/event-sourcing';
import { UPLOADS } from '../operations/mounted.rules.js';
import { JsonRefused, MAX_JSON_BYTES, parseJson } from './json-body.rules.js';
import { sendProblem } from './replies.controller.js';
import { ServerAwayError } from './server-away.rules.js';
import { WaitingLine } from './waiting-line.rules.js';

const MOST_IN_FLIGHT = 1_000;
const RETRY_SECONDS = '5';

class UnsupportedContentType extends Error {
  readonly statusCode = 415;
}

/** What every route under /api has in common: bodies read within bounds, no more requests at once than can be served, errors as problems. */
export class HttpServer {
  #inFlight = 0;
  constructor(
    private readonly onProblem: OnProblem,
    private readonly mostInFlight = MOST_IN_FLIGHT,
    private readonly line = new WaitingLine(),
  ) {}

  guard(scope: FastifyInstance): void {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('application/json', { parseAs: 'buffer', bodyLimit: MAX_JSON_BYTES }, (request, body, done) => {
      try {
        if (!isUtf8(request.headers['content-type'])) throw new UnsupportedContentType();
        done(null, parseJson(body as Buffer));
      } catch (error) {
        done(error as Error);
      }
    });
    for (const [type, urls] of UPLOADS)
      scope.addContentTypeParser(type, (request, _payload, done) =>
        done(urls.has(request.routeOptions.url ?? '') ? null : new UnsupportedContentType(type)),
      );
    scope.addHook('onRequest', (request, reply, done) => this.#admit(request, reply, done));
    this.answerErrors(scope);
  }

  answerErrors(scope: FastifyInstance): void {
    scope.setErrorHandler((error: Error & { statusCode?: number }, request, reply) => this.#fail(error, request, reply));
  }

  #admit(request: FastifyRequest, reply: FastifyReply, done: () => void): void {
    reply.header('x-correlation-id', request.id).header('x-content-type-options', 'nosniff').header('cache-control', 'no-store');
    const begin = () => (reply.raw.destroyed ? undefined : done());
    const wait = this.#inFlight >= this.mostInFlight ? 1 : this.line.join(begin);
    if (wait > 0)
      return void sendProblem(request, reply, {
        status: 503,
        code: 'too-busy',
        details: { retryAfter: wait },
      });
    this.#inFlight++;
    reply.raw.once('close', () => this.#inFlight--);
  }

  #fail(error: Error & { statusCode?: number }, request: FastifyRequest, reply: FastifyReply): FastifyReply {
    if (error instanceof JsonRefused)
      return sendProblem(request, reply, { status: 400, code: error.code, details: { reason: error.detail } });
    if (error.statusCode === 413)
      return sendProblem(request, reply, { status: 413, code: 'body-too-large', details: { maxBytes: MAX_JSON_BYTES } });
    if (error.statusCode === 415)
      return sendProblem(request, reply, { status: 415, code: 'unsupported-content-type', details: { accepted: 'application/json' } });
    if (error.statusCode && error.statusCode < 500)
      return sendProblem(request, reply, { status: error.statusCode, code: 'invalid-request', details: { reason: error.message } });
    // who asked has gone away: nobody's fault, and nobody hears the answer
    if (request.raw.destroyed && !request.raw.complete) return reply.code(400).send();
    this.onProblem({ ...placeOf(request), is: 'happened', error, correlationId: request.id });
    const code = awayCode(error);
    if (code) return sendProblem(request, reply.header('retry-after', RETRY_SECONDS), { status: 503, code });
    return sendProblem(request, reply, { status: 500, code: 'internal-error' });
  }
}

/** JSON between systems is UTF-8 (RFC 8259 §8.1). */
const isUtf8 = (contentType = ''): boolean => !/;\s*charset\s*=\s*(?!"?utf-?8"?\s*(;|$))/i.test(contentType);
const SIGN_IN = /^\/(auth|realms)\//;

/** Routes have no personal data; what stands in their places may. */
function placeOf({ routeOptions: { method, url = 'no route' } }: FastifyRequest): ProblemPlace {
  return { part: SIGN_IN.test(url) ? 'sign-in' : 'operation', what: `${String(method)} ${url}` };
}

function awayCode(error: Error): ProblemCode | undefined {
  if (error instanceof ServerAwayError) return error.code;
  if (error instanceof StoreUnavailableError) return 'storage-unavailable';
  return isAway(error) ? 'service-unavailable' : undefined;
}
