import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify';
import type { Upload } from '@ateneo/contracts';
import { spanned } from '@ateneo/event-sourcing';
import { FileTooLargeError } from '@ateneo/files';
import { admit, type Caller, invalidInput, type Problem, type ReplyText } from '@ateneo/service-kit';
import type { GatewayParts } from '../gateway-parts.module.js';
import type { Locale } from '../http/problems.rules.js';
import { subscriberOf } from '../http/rate-limit.rules.js';
import { sendProblem, tooMany } from '../http/replies.controller.js';
import { type Mounted, MOUNTED, urlOf } from './mounted.rules.js';

type Uploading = Mounted & { readonly upload: Upload };

const isUpload = (operation: Mounted): operation is Uploading => operation.upload !== undefined;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const METHODS: readonly HTTPMethods[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];
const NOBODY: Caller = { is: 'service', service: 'api-gateway' };

/** Mounts every operation of the contracts under /api: no file per use case. */
export class OperationRoutes {
  constructor(private readonly parts: GatewayParts) {}

  mount(scope: FastifyInstance): void {
    const methods = new Map<string, Set<string>>();
    for (const operation of MOUNTED) {
      const url = urlOf(operation);
      scope.route({ method: operation.http.method, url, handler: traced(url, this.#handler(operation)) });
      methods.set(url, (methods.get(url) ?? new Set()).add(operation.http.method));
    }
    for (const [url, allowed] of methods) {
      const others = METHODS.filter((method) => !allowed.has(method));
      const allow = [...allowed].sort().join(', ');
      scope.route({
        method: others,
        url,
        handler: (request, reply) =>
          sendProblem(request, reply.header('allow', allow), { status: 405, code: 'method-not-allowed', details: { allow } }),
      });
    }
  }

  #handler(operation: Mounted) {
    const isPublic = 'relation' in operation.permission && operation.permission.relation === 'public';
    const { limit } = operation;
    return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
      const wait = limit ? this.parts.limits[limit].take(subscriberOf(request.ip)) : 0;
      if (wait) return tooMany(request, reply, wait);
      const who = await this.parts.guard.authenticate(request.method, request.headers);
      if (who.is === 'refused') return sendProblem(request, reply, who);
      if (who.is === 'anyone' && !isPublic) return sendProblem(request, reply, { status: 401, code: 'sign-in-needed' });
      const caller = who.is === 'actor' ? who : NOBODY;
      const locale = who.is === 'actor' ? who.actor.locale : undefined;
      const commandId = (request.headers['idempotency-key'] as string | undefined)?.toLowerCase();
      if (commandId !== undefined && !UUID.test(commandId))
        return sendProblem(request, reply, { status: 400, code: 'idempotency-key-not-valid' }, { locale });
      const call = (input: unknown) =>
        this.parts.operations.callForText(operation, input, caller, {
          commandId: operation.kind === 'command' ? commandId : undefined,
          correlationId: request.id,
        });
      const input = inputOf(operation, request);
      // the service validates and admits; only a file is not taken in before both
      if (!isUpload(operation)) return this.#answer(operation, request, reply, await call(input), locale);
      const parsed = operation.input.safeParse(input);
      if (!parsed.success) return sendProblem(request, reply, invalidInput(parsed.error), { locale });
      const admitted = await admit(operation, caller, parsed.data, { subjects: {} });
      if ('status' in admitted) return sendProblem(request, reply.header('connection', 'close'), admitted, { locale });
      return this.#upload(operation, request, reply, parsed.data as { fileName: string }, call, locale);
    };
  }

  async #answer(
    operation: Mounted,
    request: FastifyRequest,
    reply: FastifyReply,
    answer: ReplyText,
    locale?: Locale,
  ): Promise<FastifyReply> {
    if (!answer.ok) return sendProblem(request, reply, answer.problem, { locale });
    const { output } = answer;
    if (operation.download) return this.#download(request, reply, JSON.parse(output) as { fileId: string; name: string; type: string });
    const token = operation.kind === 'command' && output !== '' ? (JSON.parse(output) as { token?: string } | null)?.token : undefined;
    if (token) reply.header('x-position', token);
    return reply.header('content-type', 'application/json; charset=utf-8').send(output);
  }

  async #download(
    request: FastifyRequest,
    reply: FastifyReply,
    { fileId, name, type }: { fileId: string; name: string; type: string },
  ): Promise<FastifyReply> {
    const file = await this.parts.files.open(fileId);
    if (!file) return sendProblem(request, reply, { status: 404, code: 'file-not-found' });
    const plain = name.replace(/[^\w.-]/g, '_');
    return reply
      .header('content-type', type)
      .header('content-length', file.size)
      .header('content-disposition', `attachment; filename="${plain}"; filename*=UTF-8''${encodeURIComponent(name)}`)
      .send(file.stream);
  }

  async #upload(
    operation: Uploading,
    request: FastifyRequest,
    reply: FastifyReply,
    input: { fileName: string },
    call: (input: object) => Promise<ReplyText>,
    locale?: Locale,
  ): Promise<FastifyReply> {
    const { types, maxBytes } = operation.upload;
    const type = types.find((accepted) => accepted === mediaTypeOf(request));
    if (!type)
      return sendProblem(
        request,
        reply,
        { status: 415, code: 'unsupported-content-type', details: { accepted: types.join(', ') } },
        { locale },
      );
    try {
      const { fileId } = await this.parts.files.put(request.raw, { name: input.fileName, type }, { maxBytes });
      const answer = await call({ ...input, fileId });
      if (!answer.ok && isDefinite(answer.problem)) await this.parts.files.delete(fileId);
      return this.#answer(operation, request, reply, answer, locale);
    } catch (error) {
      if (error instanceof FileTooLargeError)
        return sendProblem(
          request,
          reply.header('connection', 'close'),
          { status: 413, code: 'body-too-large', details: { maxBytes } },
          { locale },
        );
      throw error;
    }
  }
}

/** Whether nothing was begun for sure: without an answer it may have been, and then needs its file. Nobody else has the key of one that it does not need. */
const isDefinite = ({ status, code }: Problem): boolean => status < 500 || code === 'service-unavailable';

type Handler = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>;
/** A span for each request, which goes on where the caller's trace stands. */
const traced =
  (route: string, handler: Handler): Handler =>
  (request, reply) => {
    const { method, headers } = request;
    const attributes = { 'http.request.method': method, 'http.route': route, 'ateneo.correlation_id': request.id };
    const parent = headers['traceparent'] as string | undefined;
    return spanned(`${method} ${route}`, { kind: 'server', parent, attributes }, async (span) => {
      const answered = await handler(request, reply);
      span?.setAttribute('http.response.status_code', reply.statusCode);
      return answered;
    });
  };

const mediaTypeOf = ({ headers }: FastifyRequest): string => (headers['content-type'] ?? '').split(';', 1)[0]!.trim().toLowerCase();

/** Path and query of a GET, DELETE or upload; path and JSON body of anything else. What stands in the path wins. */
function inputOf({ http, upload }: Mounted, request: FastifyRequest): unknown {
  const rest = http.method === 'GET' || http.method === 'DELETE' || upload ? request.query : (request.body ?? {});
  if (typeof rest !== 'object' || rest === null || Array.isArray(rest)) return rest;
  return { ...rest, ...(request.params as object) };
}
