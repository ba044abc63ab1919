import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isPublic } from '../webhooks/targets.client.js';
import { problemDocument } from './problems.rules.js';
import { sendProblem } from './replies.controller.js';

const ANSWERED = 'GET, HEAD';

/** Nest answers what no route takes in a form of its own; here that is a problem document like any other. */
export class GatewayAdapter extends FastifyAdapter {
  override setNotFoundHandler(): ReturnType<FastifyAdapter['setNotFoundHandler']> {
    return this.instance as ReturnType<FastifyAdapter['setNotFoundHandler']>;
  }
}

/** What reaches no route: pages take GET alone, whatever another method is called. */
export function answerUnrouted(instance: FastifyInstance): void {
  instance.setNotFoundHandler((request, reply) => {
    if (request.method === 'GET' || request.method === 'HEAD') return sendProblem(request, reply, { status: 404, code: 'route-not-found' });
    return sendProblem(request, reply.header('allow', ANSWERED), {
      status: 405,
      code: 'method-not-allowed',
      details: { allowed: ANSWERED },
    });
  });
}

/** Addresses that cannot be read (`/%`), before any route is looked for. */
export function answerUnreadable(error: Error, request: FastifyRequest, reply: FastifyReply): void {
  void sendProblem(request, reply.header('x-content-type-options', 'nosniff').header('cache-control', 'no-store'), {
    status: 400,
    code: 'invalid-request',
    details: { reason: error.message },
  });
}

const BY_CODE: Readonly<Record<string, number>> = { HPE_HEADER_OVERFLOW: 431, ERR_HTTP_REQUEST_TIMEOUT: 408 };

/** What is no HTTP, too large in its head or too slow: answered on the socket, for there is no request. */
export function answerBroken(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const status = BY_CODE[error.code ?? ''] ?? 400;
  const document = problemDocument({ status, code: 'invalid-request', details: { reason: error.code } }, 'it', crypto.randomUUID());
  const body = JSON.stringify(document);
  const head = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\ncontent-type: application/problem+json; charset=utf-8\r\n`;
  socket.end(`${head}content-length: ${Buffer.byteLength(body)}\r\ncache-control: no-store\r\nconnection: close\r\n\r\n${body}`);
}

/** Figures are for who runs the platform: asked on the network it stands in, and not through a proxy that speaks for others. */
export function isFromInside({ socket, headers }: IncomingMessage): boolean {
  if (headers['x-forwarded-for'] !== undefined || headers.forwarded !== undefined) return false;
  const address = socket.remoteAddress ?? '';
  return address !== '' && !isPublic(address.replace(/^::ffff:/, ''));
}
