import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteEventStore, type EventStore, type EventToStore } from '@ateneo/event-sourcing';
import { createMemoryEventBus, Publisher } from '@ateneo/messaging';
import { openSqliteReadModels, ProjectionRunner } from '@ateneo/read-models';
import { dayNumber } from '../src/counting/calendar.rules.js';
import { countersOf } from '../src/ledger/counters.rules.js';
import type { Ledger } from '../src/ledger/ledger.rules.js';
import { TRAINEE_COUNTERS, TraineeCountersProjection } from '../src/trainee-counters/trainee-counters.projection.js';
import { bareRebuild, type Rows } from './bare-rebuild.js';
import { entries, references, type BenchEvent } from './bench-log.js';

const TRAINEES = 2_000;
const EVENTS = 1_000_000;
const AT_ONCE = 2_000;
const ROUNDS = 2;
const services = ['school-network', 'career', 'logbook'] as const;
const categories = ['set', 'cohort', 'enrolment', 'logbookEntry'];
const question = { asOf: dayNumber('2026-11-20'), months: 'calendar' as const };
type Stores = Record<(typeof services)[number], EventStore>;

async function fill(store: EventStore, events: Iterable<BenchEvent>, clock: { now: number }): Promise<void> {
  const revisions = new Map<string, number>();
  let batch = new Map<string, { expectedRevision: number; events: EventToStore[] }>();
  let waiting = 0;
  const append = async () => {
    waiting = 0;
    for (const result of await store.appendMany([...batch].map(([stream, it]) => ({ stream, ...it }))))
      if (!result.ok) throw new Error('an event was refused');
    batch = new Map();
  };
  for (const { type, data, at, stream } of events) {
    if (waiting >= AT_ONCE) await append();
    clock.now = Date.parse(at);
    const expectedRevision = revisions.get(stream) ?? -1;
    const { schoolId, traineeId } = data as { schoolId?: string; traineeId?: string };
    const item = batch.get(stream) ?? { expectedRevision, events: [] };
    item.events.push({
      id: randomUUID(),
      type,
      version: 1,
      data: data as object,
      metadata: { actor: { id: traineeId ?? 'bench', kind: 'person' }, scope: { schoolId, traineeId }, correlationId: randomUUID() },
    });
    batch.set(stream, item);
    revisions.set(stream, expectedRevision + 1);
    waiting += 1;
  }
  await append();
}

/** The product's way: publisher pages, runner, ledger, chunks and checkpoint in one durable commit; then the counters of everybody. */
async function ourRebuild(stores: Stores, folder: string, round: number): Promise<{ ms: number; ledger: Ledger }> {
  const eventBus = createMemoryEventBus();
  for (const service of services) {
    const mapping = ({ type, data }: { type: string; data: object }) => ({ type, data });
    eventBus.register(
      new Publisher({
        service,
        store: stores[service],
        mappings: Object.fromEntries(categories.map((it) => [it, mapping])),
        mappingVersion: 1,
        publicUrl: 'http://localhost',
      }),
    );
  }
  const readModels = await openSqliteReadModels({ file: join(folder, `ours-${round}.sqlite`) });
  const runner = new ProjectionRunner({
    service: 'reporting',
    readModels,
    events: eventBus,
    projections: [() => new TraineeCountersProjection()],
  });
  const started = performance.now();
  await runner.start();
  await runner.caughtUp();
  const { ledger } = runner.live(TRAINEE_COUNTERS) as TraineeCountersProjection;
  for (const enrolment of ledger.enrolments.values()) countersOf(enrolment, ledger.network, question);
  const ms = performance.now() - started;
  await runner.stop();
  await eventBus.close();
  await readModels.close();
  return { ms, ledger };
}

const untold = new Set(['duration', 'qualitative', 'credits']);
/** Every level of every requirement that counts acts, in both ways the same. */
function compare(ledger: Ledger, rows: Rows): void {
  for (const enrolment of ledger.enrolments.values()) {
    for (const it of (countersOf(enrolment, ledger.network, question) ?? []).flatMap((set) => set.requirements)) {
      if (untold.has(it.kind)) continue;
      const bare = Object.entries(rows.get(enrolment.enrolmentId)?.get(it.requirementId) ?? {}).filter(([, n]) => n[1] + n[2] > 0);
      assert.deepEqual(it.provisional.levels, Object.fromEntries(bare.map(([level, n]) => [level, n[1] + n[2]])), it.requirementId);
      assert.deepEqual(
        it.definitive.levels,
        Object.fromEntries(bare.filter(([, n]) => n[2] > 0).map(([level, n]) => [level, n[2]])),
        it.requirementId,
      );
    }
  }
}

/** Events per second: rebuild of the counters from 1 M stored events, and a bare loop over the same path with the same durability (best of two, in turn). */
export async function f2(): Promise<{ ours: number; reference: number }> {
  const folder = mkdtempSync(join(tmpdir(), 'ateneo-f2-'));
  const clock = { now: Date.parse('2021-09-01T00:00:00Z') };
  const opened = await Promise.all(
    services.map((service) =>
      openSqliteEventStore({ file: join(folder, `${service}.sqlite`), hashKey: randomBytes(32), now: () => clock.now }),
    ),
  );
  const stores = Object.fromEntries(services.map((service, index) => [service, opened[index]])) as unknown as Stores;
  try {
    const first = references(TRAINEES);
    for (const service of ['school-network', 'career'] as const)
      await fill(
        stores[service],
        first.filter((it) => it.service === service),
        clock,
      );
    await fill(stores.logbook, entries(TRAINEES, EVENTS), clock);
    let [ours, reference] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
    for (let round = 0; round < ROUNDS; round += 1) {
      const product = await ourRebuild(stores, folder, round);
      const started = performance.now();
      const rows = bareRebuild(join(folder, 'logbook.sqlite'), join(folder, `bare-${round}.sqlite`), product.ledger);
      reference = Math.min(reference, performance.now() - started);
      ours = Math.min(ours, product.ms);
      compare(product.ledger, rows);
    }
    return { ours: Math.round((EVENTS * 1_000) / ours), reference: Math.round((EVENTS * 1_000) / reference) };
  } finally {
    for (const store of opened) await store.close();
    rmSync(folder, { recursive: true });
  }
}
