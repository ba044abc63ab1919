import {
  ClientProxy,
  type CustomTransportStrategy,
  type MessageHandler,
  type ReadPacket,
  Server,
  type WritePacket,
} from '@nestjs/microservices';
import { isObservable, lastValueFrom } from 'rxjs';
import type { Bus, Stop } from './bus.js';

/** Runs Nest's message controllers on the bus: the queue is the service's name, so that several instances share the work. */
export class BusServer extends Server implements CustomTransportStrategy {
  readonly #stops: Stop[] = [];

  constructor(
    private readonly bus: Bus,
    private readonly queue: string,
  ) {
    super();
  }

  listen(callback: (error?: unknown) => void): void {
    for (const [pattern, handler] of this.messageHandlers) {
      if (handler.isEventHandler) this.#stops.push(this.bus.onBroadcast(pattern, (data) => void this.#hear(handler, data)));
      else this.#stops.push(this.bus.serve(pattern, this.queue, (data) => answer(handler, data)));
    }
    callback();
  }

  close(): void {
    for (const stop of this.#stops.splice(0)) stop();
  }

  override on(): never {
    throw new Error('the bus has no events of its own');
  }

  override unwrap<T>(): T {
    return this.bus as T;
  }

  async #hear(handler: MessageHandler, data: unknown): Promise<void> {
    for (let next: MessageHandler | undefined = handler; next; next = next.next as MessageHandler | undefined) {
      await answer(next, data).catch((error: unknown) => this.logger.error(error));
    }
  }
}

/** Nest wraps what a controller answers in a promise of an observable of one value. */
async function answer(handler: MessageHandler, data: unknown): Promise<unknown> {
  const result: unknown = await handler(data, undefined);
  return isObservable(result) ? lastValueFrom(result, { defaultValue: undefined }) : result;
}

/** Nest's client on the bus. */
export class BusClient extends ClientProxy {
  constructor(private readonly bus: Bus) {
    super();
  }

  connect(): Promise<void> {
    return Promise.resolve();
  }

  close(): void {}

  override unwrap<T>(): T {
    return this.bus as T;
  }

  protected publish(packet: ReadPacket, callback: (packet: WritePacket) => void): () => void {
    this.bus.request(this.normalizePattern(packet.pattern), packet.data).then(
      (response) => callback({ response, isDisposed: true }),
      (err: unknown) => callback({ err, isDisposed: true }),
    );
    return () => undefined;
  }

  protected async dispatchEvent<T>(packet: ReadPacket): Promise<T> {
    return this.bus.broadcast(this.normalizePattern(packet.pattern), packet.data) as T;
  }
}
