import 'reflect-metadata';
import { Body, Controller, HttpCode, Inject, Module, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { type ClientProxy, ClientsModule, Transport } from '@nestjs/microservices';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { firstValueFrom } from 'rxjs';

@Controller('/api/logbook/entries')
class EchoController {
  constructor(@Inject('NATS') private readonly service: ClientProxy) {}

  @Post()
  @HttpCode(200)
  send(@Body() body: unknown): Promise<unknown> {
    return firstValueFrom(this.service.send('echo', body));
  }
}

@Module({
  imports: [ClientsModule.register([{ name: 'NATS', transport: Transport.NATS, options: { servers: [process.argv[2] ?? ''] } }])],
  controllers: [EchoController],
})
class EchoGatewayModule {}

/** What the way through a gateway and the bus costs by itself. */
const app = await NestFactory.create<NestFastifyApplication>(EchoGatewayModule, new FastifyAdapter({ forceCloseConnections: true }), {
  logger: false,
});
await app.listen(0, 'localhost');
process.send?.({ port: (app.getHttpServer().address() as { port: number }).port });
process.once('disconnect', () => void app.close());
