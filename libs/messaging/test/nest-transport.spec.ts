import 'reflect-metadata';
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { EventPattern, MessagePattern, Payload } from '@nestjs/microservices';
import { firstValueFrom } from 'rxjs';
import { BusClient, BusServer, createMemoryBus, NoResponderError, RemoteError } from '../src/index.js';

const heard: unknown[] = [];

@Controller()
class GreetingController {
  @MessagePattern('rpc.greeting.say-hello')
  sayHello(@Payload() { name }: { name: string }) {
    if (name === '') throw new Error('no name');
    return { text: `hello ${name}` };
  }

  @EventPattern('greeting.said')
  said(@Payload() message: unknown) {
    heard.push(message);
  }
}

@Module({ controllers: [GreetingController] })
class GreetingModule {}

describe("controllers in Nest's own style run on the bus port", () => {
  test('requests, errors, broadcasts and closing', async () => {
    const bus = createMemoryBus();
    const app = await NestFactory.createMicroservice(GreetingModule, { strategy: new BusServer(bus, 'greeting'), logger: false });
    await app.listen();
    assert.deepEqual(await bus.request('rpc.greeting.say-hello', { name: 'Ada' }), { text: 'hello Ada' });
    const client = new BusClient(bus);
    assert.deepEqual(await firstValueFrom(client.send('rpc.greeting.say-hello', { name: 'Bo' })), { text: 'hello Bo' });
    await assert.rejects(bus.request('rpc.greeting.say-hello', { name: '' }), RemoteError);
    await firstValueFrom(client.emit('greeting.said', { n: 1 }), { defaultValue: undefined });
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(heard, [{ n: 1 }]);
    await app.close();
    await assert.rejects(bus.request('rpc.greeting.say-hello', { name: 'Ada' }), NoResponderError);
  });
});
