import type { FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from '@ateneo/service-kit';
import { localeOf, problemDocument, type Locale } from './problems.rules.js';

/** Answers with an RFC 9457 problem document. */
export function sendProblem(
  request: FastifyRequest,
  reply: FastifyReply,
  problem: Omit<Problem, 'status'> & { readonly status: number },
  { locale }: { readonly locale?: Locale } = {},
): FastifyReply {
  if (problem.status === 401) reply.header('www-authenticate', 'Bearer');
  if (problem.details?.['retryAfter'] !== undefined) reply.header('retry-after', String(problem.details['retryAfter']));
  const document = problemDocument(problem, localeOf(request.headers['accept-language'], locale), request.id);
  return reply.code(problem.status).header('content-type', 'application/problem+json; charset=utf-8').send(JSON.stringify(document));
}

export function tooMany(request: FastifyRequest, reply: FastifyReply, seconds: number): FastifyReply {
  return sendProblem(request, reply, {
    status: 429,
    code: 'too-many-requests',
    details: { retryAfter: seconds },
  });
}
