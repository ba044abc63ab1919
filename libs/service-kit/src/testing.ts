import 'reflect-metadata';
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { INestMicroservice, Type } from '@nestjs/common';
import {
  type DataOf,
  type Input,
  type Operation,
  type Output,
  PUBLIC_EVENTS,
  type PublicEventSpec,
  type RawInput,
  type Role,
  subjectOf,
} from '@ateneo/contracts';
import { type EventStore, openSqliteEventStore, partitionOf } from '@ateneo/event-sourcing';
import { positionToken, Publisher, requestPage, serveReplay } from '@ateneo/messaging';
import type { Caller, OperationMessage } from './passport.js';
import { openPlatform, type Platform } from './platform.js';
import { readPlatformConfig } from './platform.config.js';
import { startService } from './service.module.js';
import { ServiceRuntime } from './service-runtime.js';

/** A person with profiles, as the gateway would send them. */
export const actor = (id: string, ...profiles: readonly (readonly [role: Role, schoolId: string | null])[]): Caller => ({
  is: 'actor',
  actor: {
    id,
    kind: 'person',
    locale: 'it',
    profiles: profiles.map(([role, schoolId]) => ({ profileId: id, role, schoolId, from: '2000-01-01', to: null })),
  },
});
export const service = (name: string): Caller => ({ is: 'service', service: name });

/** Services on the embedded adapters in a folder of their own, spoken to through their operations. */
export class TestPlatform {
  readonly #folder: string;
  readonly #modules: (readonly [name: string, module: Type])[] = [];
  readonly #stops: (() => Promise<void>)[] = [];
  readonly #apps = new Map<string, INestMicroservice>();
  #platform: Platform | undefined;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** `at`: the instant at which its clock stands, ISO 8601. */
  static async open(at: string): Promise<TestPlatform> {
    const opened = new TestPlatform(await mkdtemp(join(tmpdir(), 'ateneo-service-')));
    await opened.#open(Date.parse(at));
    return opened;
  }

  get platform(): Platform {
    assert.ok(this.#platform, 'the platform is open');
    return this.#platform;
  }

  /** What a started service is made of. */
  runtime(name: string): ServiceRuntime {
    const app = this.#apps.get(name);
    assert.ok(app, `${name} is started`);
    return app.get(ServiceRuntime, { strict: false });
  }

  async start(name: string, module: Type): Promise<void> {
    this.#modules.push([name, module]);
    await this.#start(name, module);
  }

  /** A neighbour that is not started: what it publishes is told, what it is asked is answered. */
  async neighbour(name: string): Promise<Neighbour> {
    const neighbour = await Neighbour.open(name, this.platform);
    this.#stops.push(() => neighbour.close());
    return neighbour;
  }

  call<Op extends Operation>(operation: Op, input: RawInput<Op>, caller: Caller, commandId?: string) {
    return this.platform.client.call(operation, input, caller, { commandId });
  }

  /** The output, which must be as the contract says. */
  async done<Op extends Operation>(operation: Op, input: RawInput<Op>, caller: Caller, commandId?: string): Promise<Output<Op>> {
    const reply = await this.call(operation, input, caller, commandId);
    assert.ok(reply.ok, `${operation.name}: ${JSON.stringify(reply)}`);
    operation.output.parse(reply.output);
    return reply.output;
  }

  async refused<Op extends Operation>(operation: Op, input: RawInput<Op>, caller: Caller, code: string): Promise<void> {
    const reply = await this.call(operation, input, caller);
    assert.equal(reply.ok ? 'done' : reply.problem.code, code, operation.name);
  }

  /** Types of the public events of a service so far; each event must be as its contract says. */
  async published(name: string): Promise<Set<string>> {
    const contracts = new Map(PUBLIC_EVENTS.map(({ type, data }) => [type, data]));
    const types = new Set<string>();
    for (let after = 0, head = 1; after < head;) {
      const page = await requestPage(this.platform.bus, name, after);
      for (const { type, data } of page.events) {
        assert.deepEqual(contracts.get(type)?.parse(data), data, `${type} is as its contract says, no field more`);
        types.add(type);
      }
      [after, head] = [page.next, page.head];
    }
    return types;
  }

  /** Ends everything and starts the services again on the same folder, at the same time of the clock; neighbours are called again by who needs them. */
  async restart(): Promise<void> {
    const at = this.platform.clock.now();
    await this.#stop();
    await this.#open(at);
    for (const [name, module] of this.#modules) await this.#start(name, module);
  }

  /** Until the check passes: facts travel between services. */
  async soon<T>(look: () => Promise<T>, check: (seen: T) => boolean): Promise<T> {
    for (let attempt = 0; ; attempt++) {
      const seen = await look();
      if (check(seen)) return seen;
      assert.ok(attempt < 400, `never came true: ${JSON.stringify(seen)}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  async close(): Promise<void> {
    await this.#stop();
    await rm(this.#folder, { recursive: true, maxRetries: 3 });
  }

  async #open(at: number): Promise<void> {
    this.#platform = await openPlatform(
      readPlatformConfig({ DATA_DIR: this.#folder, SEED: 'empty', MASTER_KEY: 'ab'.repeat(32), LOG_LEVEL: 'error' }),
    );
    this.#platform.clock.set(at);
  }

  async #start(name: string, module: Type): Promise<void> {
    const app: INestMicroservice = await startService(name, module, this.platform);
    this.#apps.set(name, app);
    this.#stops.push(() => app.close());
  }

  async #stop(): Promise<void> {
    for (const stop of this.#stops.splice(0).reverse()) await stop();
    await this.platform.close();
  }
}

const CATEGORY = 'told';

/** Speaks as another service would: a real store and publisher whose stored events are the public ones, and answers on the bus. */
export class Neighbour {
  readonly #stops: (() => void)[] = [];

  private constructor(
    private readonly name: string,
    private readonly platform: Platform,
    private readonly store: EventStore,
  ) {}

  static async open(name: string, platform: Platform): Promise<Neighbour> {
    const store = await openSqliteEventStore({
      file: join(platform.folder, `${name}.events.sqlite`),
      hashKey: platform.derive(`chain:${name}`),
      now: () => platform.clock.now(),
      writer: platform.eventWriter,
    });
    const mappings = { [CATEGORY]: ({ type, data }: { type: string; data: unknown }) => ({ type, data: data as object }) };
    const publisher = new Publisher({ service: name, store, mappings, mappingVersion: 1, publicUrl: platform.publicUrl });
    platform.eventBus.register(publisher);
    const neighbour = new Neighbour(name, platform, store);
    neighbour.#stops.push(serveReplay(platform.bus, publisher));
    return neighbour;
  }

  /** Publishes an event about the thing with this id; answers the token to wait for. */
  async tell<S extends PublicEventSpec>({ type, data: schema }: S, about: string, data: DataOf<S>): Promise<string> {
    const { traineeId, schoolId } = schema.parse(data) as { traineeId?: string; schoolId?: string };
    const stream = `${CATEGORY}-${about}`;
    const metadata = {
      actor: { id: `system:${this.name}/test`, kind: 'system' as const },
      scope: { traineeId, schoolId },
      correlationId: randomUUID(),
    };
    const result = await this.store.append({
      stream,
      expectedRevision: (await this.store.readStream(stream)).length - 1,
      events: [{ id: randomUUID(), type, version: 1, data: data as object, metadata }],
    });
    assert.ok(result.ok, `${stream} was told in order`);
    return positionToken({
      service: this.name,
      epoch: this.store.epoch,
      partition: partitionOf(traineeId ?? about),
      position: result.position,
    });
  }

  /** Answers an operation of the neighbour. */
  answer<Op extends Operation>(operation: Op, answer: (input: Input<Op>) => Output<Op>): void {
    const reply = (message: unknown) => ({
      ok: true,
      output: answer(operation.input.parse(JSON.parse((message as OperationMessage).i)) as Input<Op>),
    });
    this.#stops.push(this.platform.bus.serve(subjectOf(operation), this.name, reply));
  }

  async close(): Promise<void> {
    for (const stop of this.#stops.splice(0)) stop();
    await this.store.close();
  }
}
