import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EventStore, type OnProblem, openSqliteEventStore, type Problem, type SqliteEventStore } from '@ateneo/event-sourcing';
import { createMemoryEventBus, type MemoryEventBus, Publisher } from '@ateneo/messaging';
import { openSqliteReadModels, ProjectionRunner, type ProjectionSource, type SqliteReadModels } from '../src/index.js';

/** One origin: its event store and publisher; every stored event `X` is public as `<service>.x.v1`. */
export class Origin {
  mappingVersion = 1;
  /** Nothing of it can be published. */
  broken = false;
  constructor(
    readonly service: string,
    readonly store: SqliteEventStore,
    /** The store as all that read it and append to it shall see it. */
    readonly seen: EventStore = store,
  ) {}

  publisher(onProblem?: OnProblem): Publisher {
    const published = (event: { type: string; data: object }) => {
      if (this.broken) throw new Error('no mapping');
      return event.type === 'Hidden' ? undefined : { type: `${this.service}.${event.type.toLowerCase()}.v1`, data: event.data };
    };
    return new Publisher({
      service: this.service,
      store: this.seen,
      mappingVersion: this.mappingVersion,
      publicUrl: 'http://localhost',
      mappings: { box: published },
      onProblem,
    });
  }

  /** Appends to the box's stream; answers the position of the last event. */
  async add(box: string, type: string, ...data: object[]): Promise<number> {
    const stream = `box-${box}`;
    const revision = (await this.store.readStream(stream)).length - 1;
    const events = data.map((one) => ({
      id: randomUUID(),
      type,
      version: 1,
      data: one,
      metadata: { actor: { id: 'p', kind: 'person' as const }, scope: traineeOf(one), correlationId: 'c' },
    }));
    const result = await this.seen.append({ stream, expectedRevision: revision, events });
    assert.ok(result.ok);
    return result.position;
  }
}

const traineeOf = (data: object) => ({ traineeId: (data as { trainee?: string }).trainee });

/** A folder with origins, a bus and the read models of one service; everything may be opened again. */
export class Platform {
  readonly origins = new Map<string, Origin>();
  readonly #runners: ProjectionRunner[] = [];
  /** What was told of failures. */
  readonly heard: Problem[] = [];
  readonly hear = (problem: Problem): void => void this.heard.push(problem);
  bus: MemoryEventBus = createMemoryEventBus(this.hear);
  models!: SqliteReadModels;

  constructor(
    readonly folder: string,
    private readonly as: (store: EventStore) => EventStore,
  ) {}

  /** `as`: the stores of the origins as they shall be seen. */
  static async run(body: (platform: Platform) => Promise<void>, as: (store: EventStore) => EventStore = (store) => store): Promise<void> {
    const platform = new Platform(await mkdtemp(join(tmpdir(), 'projections-')), as);
    try {
      await platform.openModels();
      await body(platform);
    } finally {
      await platform.close();
      for (const { store } of platform.origins.values()) await store.close();
      await rm(platform.folder, { recursive: true });
    }
  }

  async origin(service: string, register = true): Promise<Origin> {
    const store = await openSqliteEventStore({
      file: join(this.folder, `${service}.events.sqlite`),
      hashKey: Buffer.alloc(32, 1),
      now: () => Date.now(),
    });
    const origin = new Origin(service, store, this.as(store));
    this.origins.set(service, origin);
    if (register) this.bus.register(origin.publisher());
    return origin;
  }

  async openModels(): Promise<void> {
    this.models = await openSqliteReadModels({ file: join(this.folder, 'reader.views.sqlite') });
  }

  async runner(...projections: ProjectionSource[]): Promise<ProjectionRunner> {
    const own = this.origins.get('reader');
    const runner = new ProjectionRunner({
      service: 'reader',
      readModels: this.models,
      events: this.bus,
      own: own && { service: 'reader', store: own.seen },
      projections,
      onProblem: this.hear,
    });
    this.#runners.push(runner);
    await runner.start();
    return runner;
  }

  async close(): Promise<void> {
    for (const runner of this.#runners.splice(0)) await runner.stop();
    await this.bus.close();
    await this.models.close();
  }

  /** As after a restart of the process: everything but the event stores is opened anew. */
  async restart(): Promise<void> {
    await this.close();
    this.bus = createMemoryEventBus(this.hear);
    await this.openModels();
    for (const origin of this.origins.values()) this.bus.register(origin.publisher());
  }
}

export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (let n = 0; n < 4_000; n++) {
    if (await condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  assert.fail('what was waited for did not come');
}
