import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dayNumber } from '@ateneo/calendar';
import { createMemoryEventBus } from '@ateneo/messaging';
import { openSqliteReadModels, ProjectionRunner } from '@ateneo/read-models';
import { countersOf } from '../src/ledger/counters.rules.js';
import type { Ledger } from '../src/ledger/ledger.rules.js';
import { TRAINEE_COUNTERS, TraineeCountersProjection } from '../src/trainee-counters/trainee-counters.projection.js';
import { bareRebuild, type Rows } from './bare-rebuild.js';
import { type BenchStores, fillBenchStores, openBenchStores, publisherOf, services } from './bench-stores.js';

const TRAINEES = 2_000;
const EVENTS = 1_000_000;
const ROUNDS = 2;
const question = { asOf: dayNumber('2026-11-20'), months: 'calendar' as const };
/** The product's way: publisher pages, runner, ledger, chunks and checkpoint in one durable commit; then the counters of everybody. */
async function ourRebuild(stores: BenchStores, folder: string, round: number): Promise<{ ms: number; ledger: Ledger }> {
  const eventBus = createMemoryEventBus();
  for (const service of services) {
    eventBus.register(publisherOf(service, stores[service]));
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
  const stores = await openBenchStores(folder);
  try {
    await fillBenchStores(stores, TRAINEES, EVENTS);
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
    await stores.close();
    rmSync(folder, { recursive: true });
  }
}
