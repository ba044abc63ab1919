import 'reflect-metadata';
import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { MessagePattern, type MicroserviceOptions, Transport } from '@nestjs/microservices';

@Controller()
class Echo {
  @MessagePattern('echo')
  answer(body: unknown): unknown {
    return body;
  }
}

@Module({ controllers: [Echo] })
class EchoModule {}

/** What a service costs by itself: Nest on NATS, one message that is answered with what it holds. */
const options: MicroserviceOptions = { transport: Transport.NATS, options: { servers: [process.argv[2] ?? ''], queue: 'echo' } };
const app = await NestFactory.createMicroservice<MicroserviceOptions>(EchoModule, { ...options, logger: false });
await app.listen();
process.send?.({ ready: true });
process.once('disconnect', () => void app.close());
