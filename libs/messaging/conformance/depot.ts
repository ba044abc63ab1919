import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EventStore, openSqliteEventStore } from '@ateneo/event-sourcing';
import { type Bus, type ConsumerPosition, type EventBatch, type EventBus, type PublicEvent, Publisher } from '../src/index.js';

/** What connects processes; `join` answers one process's part of it. */
export type Network = { join(name: string): Promise<Member>; close(): Promise<void> };
export type Member = { readonly bus: Bus; readonly eventBus: EventBus; close(): Promise<void> };

const EVENTS_AT_ONCE = 300;
const MAPPINGS: Readonly<Record<string, string>> = { BoxFilled: 'depot.box-filled.v1', BoxEmptied: 'depot.box-emptied.v1' };

/** A service of its own: a real event store and publisher whose boxes are filled, emptied, or touched, which publishes nothing. */
export class Depot {
  private constructor(
    private readonly folder: string,
    readonly store: EventStore,
    readonly publisher: Publisher,
  ) {}

  /** `mappingVersion` as the publisher shall have it; `as`: the store as it shall be seen. */
  static async open(mappingVersion = 1, as: (store: EventStore) => EventStore = (store) => store): Promise<Depot> {
    const folder = await mkdtemp(join(tmpdir(), 'depot-'));
    const held = await openSqliteEventStore({
      file: join(folder, 'x.events.sqlite'),
      hashKey: Buffer.alloc(32, 1),
      now: () => Date.now(),
    });
    const store = as(held);
    return new Depot(folder, store, publisherOf(store, mappingVersion));
  }

  /** Another publisher of the same store, as a second instance or a later version has. */
  another(mappingVersion = 1): Publisher {
    return publisherOf(this.store, mappingVersion);
  }

  /** Fills boxes: so many times each, in streams of their own, many at once. */
  async fill(count: number, boxes = 1): Promise<void> {
    const step = Math.ceil(EVENTS_AT_ONCE / count);
    for (let n = 0; n < boxes; n += step) await Promise.all(upTo(Math.min(step, boxes - n)).map(() => this.add(count, 'BoxFilled')));
  }

  async add(count: number, type: string): Promise<void> {
    const metadata = { actor: { id: 'p1', kind: 'person' as const }, scope: { schoolId: 's1' }, correlationId: 'c' };
    const events = Array.from({ length: count }, (_, n) => ({ id: randomUUID(), type, version: 1, data: { n, text: 'è' }, metadata }));
    assert.ok((await this.store.append({ stream: `box-${randomUUID()}`, expectedRevision: -1, events })).ok);
  }

  /** All its public events as replay tells them. */
  async everything(): Promise<PublicEvent[]> {
    const events: PublicEvent[] = [];
    for (let [after, head] = [0, 1]; after < head;) {
      const page = await this.publisher.page(after);
      events.push(...page.events);
      [after, head] = [page.next, page.head];
    }
    return events;
  }

  async close(): Promise<void> {
    await this.store.close();
    await rm(this.folder, { recursive: true, maxRetries: 3 });
  }
}

const publisherOf = (store: EventStore, mappingVersion: number): Publisher =>
  new Publisher({
    service: 'depot',
    store,
    mappingVersion,
    publicUrl: 'http://localhost',
    mappings: { box: ({ type, data }) => (MAPPINGS[type] ? { type: MAPPINGS[type], data } : undefined) },
  });

/** A consumer that keeps what it got and, as a projection does, its position with it. */
export class Reader {
  events: PublicEvent[] = [];
  at: ConsumerPosition | undefined;
  resets = 0;
  /** How many of the next calls fail. */
  failing = 0;

  readonly handle = async (batch: EventBatch): Promise<void> => {
    await new Promise((resolve) => setImmediate(resolve));
    if (this.failing-- > 0) throw new Error('not now');
    this.events.push(...batch.events);
    this.at = { epoch: batch.epoch, mappingVersion: batch.mappingVersion, position: batch.next };
  };

  subscription(consumer = 'c') {
    return {
      consumer,
      services: ['depot'],
      from: () => this.at,
      onReset: async () => {
        this.resets++;
        this.events = [];
        this.at = undefined;
      },
    };
  }

  get numbers(): number[] {
    return this.events.map(({ position }) => position);
  }
}

export const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1);

/** Until it is so, at most 20 s. */
export async function until(condition: () => boolean | Promise<boolean>, what = () => condition.toString()): Promise<void> {
  for (const end = Date.now() + 20_000; Date.now() < end;) {
    if (await condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  assert.fail(`never came true: ${what()}`);
}
