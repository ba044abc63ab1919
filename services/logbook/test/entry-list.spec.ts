import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openSqliteEventStore, type SqliteEventStore, uuidv8 } from '@ateneo/event-sourcing';
import { createMemoryEventBus } from '@ateneo/messaging';
import { openSqliteReadModels, ProjectionRunner, type SqliteReadModels } from '@ateneo/read-models';
import type { EntryEvent } from '../src/entry/entry.decider.js';
import {
  type EntryCounts,
  entryCounts,
  recentActs,
  STATES,
  type WaitingEntries,
  waitingEntries,
} from '../src/entry-list/entry-counts.projection.js';
import { entries, entryList } from '../src/entry-list/entry-list.projection.js';

const id = (...parts: (string | number)[]) => uuidv8('list', ...parts.map(String));
const enrolmentId = id('enrolment');
const content = (day: string, n: number) => ({
  kind: 'professional' as const,
  performedFrom: day,
  performedTo: n % 5 === 0 ? '2026-04-01' : day,
  period: n % 5 === 0,
  activities: [`A-${n % 7}`],
  unitId: null,
  quantity: 1,
  autonomy: null,
  classified: {},
  simulated: false,
  credits: null,
  note: '',
});
const certified = { autonomy: null, classified: {} };
type Step = readonly [stream: string, event: EntryEvent];

/** Lives of entries of three trainees in two schools, one step of one entry after a step of another. */
function steps(seed: number): Step[] {
  const lives = Array.from({ length: 30 }, (_, n): Step[] => {
    const entryId = id('entry', n);
    const day = `2026-0${1 + (n % 3)}-0${1 + (n % 9)}`;
    const ids = { entryId, enrolmentId, traineeId: id('trainee', n % 3), schoolId: id('school', n % 2), source: null };
    const recorded = { type: 'EntryRecorded', ...ids, ...content(day, n) } as unknown as EntryEvent;
    const amended = { type: 'EntryAmended', enrolmentId, ...content('2026-03-09', n + 1) } as unknown as EntryEvent;
    const submitted: EntryEvent = { type: 'EntrySubmitted', enrolmentId };
    const [withdrawn, discarded]: EntryEvent[] = [
      { type: 'EntryWithdrawn', enrolmentId },
      { type: 'EntryDiscarded', enrolmentId },
    ];
    const validated: EntryEvent = { type: 'EntryValidated', enrolmentId, validatorId: 'v', certified, creditedTo: null, batchId: null };
    const reversed: EntryEvent = { type: 'ValidationReversed', enrolmentId, reason: null, batchId: null };
    const rejected: EntryEvent = { type: 'EntryRejected', enrolmentId, reason: '' };
    const ends = [[], [submitted], [submitted, withdrawn, amended, submitted], [discarded], [submitted, validated], [submitted, rejected]];
    const more = n % 6 === 4 && n > 12 ? [reversed] : [];
    return [recorded, ...(ends[n % 6] as EntryEvent[]), ...more].map((event) => [`logbookEntry-${entryId}`, event] as const);
  });
  const mixed: Step[] = [];
  for (let at = seed; lives.some((life) => life.length > 0); at = (at * 1_103_515_245 + 12_345) % 2_147_483_648) {
    const next = lives[at % lives.length]!.shift();
    if (next) mixed.push(next);
  }
  return mixed;
}

async function append(store: SqliteEventStore, all: readonly Step[]): Promise<void> {
  const revisions = new Map<string, number>();
  for (const [stream, event] of all) {
    const [, first] = all.find(([one]) => one === stream)!;
    const { traineeId, schoolId } = first as Extract<EntryEvent, { type: 'EntryRecorded' }>;
    const metadata = { actor: { id: traineeId, kind: 'person' as const }, scope: { traineeId, schoolId }, correlationId: 'c' };
    const expectedRevision = revisions.get(stream) ?? -1;
    const { type, ...data } = event;
    const done = await store.append({
      stream,
      expectedRevision,
      events: [{ id: id(stream, expectedRevision), type, version: 1, data, metadata }],
    });
    assert.ok(done.ok);
    revisions.set(stream, expectedRevision + 1);
  }
}

async function folded(models: SqliteReadModels, store: SqliteEventStore): Promise<void> {
  const own = { service: 'logbook', store };
  const runner = new ProjectionRunner({
    service: 'logbook',
    readModels: models,
    events: createMemoryEventBus(),
    own,
    projections: [entryList],
  });
  await runner.start();
  for (let n = 0; runner.lag().some(({ events }) => events > 0) || !runner.isCaughtUp; n++) {
    assert.ok(n < 2_000, 'the projection catches up');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  assert.equal(runner.asideIn('entry-list'), 0);
  await runner.stop();
}

async function figures(models: SqliteReadModels) {
  const of = <D>(spec: Parameters<typeof models.collection<D>>[1]) => models.collection('entry-list', spec).find({});
  return { entries: await of(entries), counts: await of(entryCounts), waiting: await of(waitingEntries), recent: await of(recentActs) };
}

const sealer = { ensure: () => undefined, seal: (_person: string, value: unknown) => value, open: (sealed: unknown) => sealed };

test('in whatever order entries take turns, and delivered again, they are counted as they stand [rev:sec-17]', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'entry-list-'));
  try {
    for (const seed of [1, 20_261_129]) {
      const store = await openSqliteEventStore({
        file: join(folder, `${seed}.events.sqlite`),
        hashKey: Buffer.alloc(32, 1),
        now: () => Date.now(),
      });
      const models = await openSqliteReadModels({ file: join(folder, `${seed}.views.sqlite`), sealer });
      await append(store, steps(seed));
      await folded(models, store);
      const seen = await figures(models);
      assertCounted(seen);
      const build = await models.openBuild('entry-list', (await models.builds('entry-list')).live!, entryList.collections);
      const [checkpoint] = await build.checkpoints();
      await build.commit({ documents: [], checkpoints: [{ ...checkpoint!, position: 0 }], aside: [], released: [] });
      await folded(models, store);
      assert.deepEqual((await figures(models)).counts, seen.counts);
      assert.deepEqual((await figures(models)).waiting, seen.waiting);
      await models.close();
      await store.close();
    }
  } finally {
    await rm(folder, { recursive: true });
  }
});

function assertCounted({ entries: all, counts, waiting, recent }: Awaited<ReturnType<typeof figures>>): void {
  assert.equal(all.length, 25);
  const sum = (list: readonly EntryCounts[], state: (typeof STATES)[number]) => list.reduce((total, one) => total + one[state], 0);
  for (const state of STATES) assert.equal(sum(counts, state), all.filter((one) => one.state === state).length, state);
  for (const one of counts) {
    const own = all.filter(({ traineeId, schoolId }) => traineeId === one.traineeId && schoolId === one.schoolId);
    for (const state of STATES) assert.equal(one[state], own.filter((entry) => entry.state === state).length);
    assert.ok(own.every(({ performedFrom, performedTo }) => one.from <= performedFrom && performedTo <= one.to));
  }
  for (const one of waiting) assertWaiting(one, all);
  for (const { acts } of recent) {
    assert.ok(acts.length > 0 && acts.length <= 8);
    assert.equal(new Set(acts.map(({ activities }) => activities.join(' '))).size, acts.length);
    assert.ok(acts.every(({ entryId }) => all.some((entry) => entry.entryId === entryId)));
  }
}

function assertWaiting({ traineeId, schoolId, n, months }: WaitingEntries, all: Awaited<ReturnType<typeof figures>>['entries']): void {
  const own = all.filter((one) => one.state === 'submitted' && one.traineeId === traineeId && one.schoolId === schoolId);
  const spans = Object.entries(months).flatMap(([month, days]) => Object.entries(days).map(([span, many]) => [month, span, many] as const));
  assert.equal(own.length, n);
  const counted = Map.groupBy(own, ({ performedFrom, performedTo }) =>
    performedFrom === performedTo ? performedTo : `${performedFrom}/${performedTo}`,
  );
  assert.deepEqual(
    new Map(spans.map(([, span, many]) => [span, many]).toSorted() as [string, number][]),
    new Map([...counted].map(([span, list]) => [span, list.length]).toSorted() as [string, number][]),
  );
  assert.ok(spans.every(([month, span]) => span.slice(-10, -3) === month));
}
