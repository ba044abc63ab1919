import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dayNumber } from '@ateneo/calendar';
import type { reporting } from '@ateneo/contracts';
import { openSqliteReadModels, type Build } from '@ateneo/read-models';
import { evaluate } from '../src/counting/evaluation.rules.js';
import { stretchesOf, type Reference } from '../src/counting/facts.rules.js';
import { ChunkFold } from '../src/ledger/chunk-fold.rules.js';
import { countersOf } from '../src/ledger/counters.rules.js';
import type { Enrolment } from '../src/ledger/enrolment.rules.js';
import { Ledger } from '../src/ledger/ledger.rules.js';
import { TraineeCountersProjection } from '../src/trainee-counters/trainee-counters.projection.js';
import { entries, references } from './bench-log.js';

const TRAINEES = 2_000;
const FACTS = 5_000_000;
const ROUNDS = 3;
const PAGE = 64;
const question = { asOf: dayNumber('2026-08-01'), months: 'calendar' as const };
type Counters = Map<string, reporting.SetCounter[]>;

const fill = (): Ledger => {
  const ledger = new Ledger();
  for (const event of references(TRAINEES))
    if (event.service === 'school-network') ledger.takeNetwork(event);
    else ledger.take(event);
  for (let [seed, facts, shift] = [1, 0, 0]; facts < FACTS; seed += 1) {
    const events = 500_000;
    for (const event of entries(TRAINEES, events, seed)) {
      const data = event.data as { entryId: string };
      ledger.take({
        ...event,
        position: event.position + shift,
        data: { ...data, entryId: `${data.entryId.slice(0, 19)}8${seed.toString(16).padStart(3, '0')}${data.entryId.slice(23)}` },
      });
    }
    shift += events;
    facts = [...ledger.enrolments.values()].reduce((sum, it) => sum + it.facts.columns.length, 0);
  }
  return ledger;
};

const store = async (ledger: Ledger, build: Build): Promise<void> => {
  const documents: { collection: string; id: string; document: unknown; positions: object }[] = [];
  const commit = async () => build.commit({ documents: documents.splice(0) as never, checkpoints: [], aside: [], released: [] });
  for (const enrolment of ledger.enrolments.values()) {
    for (const [first, document] of enrolment.facts.writes().put)
      documents.push({ collection: 'chunks', id: `${enrolment.enrolmentId}/${String(first).padStart(10, '0')}`, document, positions: {} });
    if (documents.length >= 50) await commit();
  }
  await commit();
};

const fromChunks = async (ledger: Ledger, build: Build): Promise<Counters> => {
  const counters: Counters = new Map();
  let open: { id: string; reference: Reference; fold: ChunkFold } | undefined;
  const close = () => open && counters.set(open.id, evaluate(open.fold.facts(), open.reference, question));
  for (let after = ''; ;) {
    const rows = await build.scan('chunks', after, PAGE);
    for (const { id, document } of rows) {
      const enrolmentId = id.slice(0, id.indexOf('/'));
      if (open?.id !== enrolmentId) {
        close();
        const reference = (ledger.enrolments.get(enrolmentId) as Enrolment).referenceIn(ledger.network) as Reference;
        open = { id: enrolmentId, reference, fold: new ChunkFold(stretchesOf(reference), { performedBy: question.asOf }) };
      }
      open.fold.take(document as Uint8Array);
    }
    if (rows.length < PAGE) break;
    after = rows.at(-1)?.id ?? '';
  }
  close();
  return counters;
};
const fromMemory = (ledger: Ledger): Counters => {
  const counters: Counters = new Map();
  for (const enrolment of ledger.enrolments.values()) {
    const reference = enrolment.referenceIn(ledger.network) as Reference;
    counters.set(
      enrolment.enrolmentId,
      evaluate(enrolment.facts.fold(stretchesOf(reference), { performedBy: question.asOf }).facts(), reference, question),
    );
  }
  return counters;
};

/** Facts per second: refold of all counters from the chunks in the views file, and the same fold over the same columns in memory (best of three, in turn). */
export async function f3(): Promise<{ ours: number; reference: number }> {
  const folder = mkdtempSync(join(tmpdir(), 'ateneo-f3-'));
  const readModels = await openSqliteReadModels({ file: join(folder, 'views.sqlite') });
  try {
    const ledger = fill();
    const build = await readModels.openBuild('trainee-counters', 'bench', new TraineeCountersProjection().collections);
    await store(ledger, build);
    const facts = [...ledger.enrolments.values()].reduce((sum, it) => sum + it.facts.columns.length, 0);
    let [ours, reference] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
    for (let round = 0; round < ROUNDS; round += 1) {
      const first = performance.now();
      const refolded = await fromChunks(ledger, build);
      const second = performance.now();
      fromMemory(ledger);
      const third = performance.now();
      if (round === 0)
        for (const enrolment of ledger.enrolments.values())
          assert.deepEqual(refolded.get(enrolment.enrolmentId), countersOf(enrolment, ledger.network, question));
      [ours, reference] = [Math.min(ours, second - first), Math.min(reference, third - second)];
    }
    return { ours: Math.round((facts * 1_000) / ours), reference: Math.round((facts * 1_000) / reference) };
  } finally {
    await readModels.close();
    rmSync(folder, { recursive: true });
  }
}
