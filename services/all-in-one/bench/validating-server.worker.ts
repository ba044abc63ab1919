import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { logbook } from '@ateneo/contracts';

@Module({})
class NothingElse {}

/** What the stack costs by itself: Nest on Fastify, a POST that is validated by the schema of record-entry and does nothing. */
const adapter = new FastifyAdapter({ logger: false, bodyLimit: 512 * 1024, forceCloseConnections: true });
(adapter.getInstance() as unknown as FastifyInstance).post('/api/logbook/entries', (request, reply) => {
  const parsed = logbook.recordEntry.input.safeParse(request.body);
  return reply.code(parsed.success ? 200 : 400).send({ valid: parsed.success });
});
const app = await NestFactory.create<NestFastifyApplication>(NothingElse, adapter, { logger: false });
await app.listen(0, 'localhost');
process.send?.({ port: (app.getHttpServer().address() as { port: number }).port });
process.once('disconnect', () => void app.close());
