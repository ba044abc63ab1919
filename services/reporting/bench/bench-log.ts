import type { Activity } from '@ateneo/contracts';
import type { LedgerEvent } from '../src/ledger/ledger.rules.js';
import { activitiesOf, courseYearsOf, sets } from '../test/catalogue.js';

export type BenchEvent = LedgerEvent & { readonly stream: string };
const uuid = (kind: number, n: number): string =>
  `0198c0de-${kind.toString(16).padStart(4, '0')}-7000-8000-${n.toString(16).padStart(12, '0')}`;
export const enrolmentId = (n: number): string => uuid(1, n);
export const traineeId = (n: number): string => uuid(2, n);
const schoolId = uuid(3, 0);
const cores = sets.filter((it) => it.mode === 'core');
const supplements = sets.filter((it) => it.mode === 'supplement');
export const setOfTrainee = (trainee: number) => cores[trainee % cores.length] as (typeof cores)[number];

/** The same numbers in every run. */
export const random = (seed: number) => () => {
  seed = (seed * 1_664_525 + 1_013_904_223) >>> 0;
  return seed / 0x1_0000_0000;
};
const event = (service: string, position: number, type: string, stream: string, at: string, data: object): BenchEvent => ({
  id: `${service}-${position}`,
  service,
  position,
  type: `${service}.${type}.v1`,
  stream,
  at,
  data,
});

/** Sets, cohorts and trainees; every requirement set of the catalogue is in force for somebody. */
export function references(trainees: number): BenchEvent[] {
  const at = '2021-10-01T10:00:00.000Z';
  const network: BenchEvent[] = [];
  const tell = (type: string, stream: string, data: object) =>
    network.push(event('school-network', network.length + 1, type, stream, at, data));
  for (const set of sets)
    tell('requirement-set-published', `set-${set.id}`, { setId: set.id, schoolCode: set.id, set, activities: activitiesOf(set) });
  cores.forEach((set, n) =>
    tell('cohort-opened', `cohort-${uuid(4, n)}`, {
      cohortId: uuid(4, n),
      schoolId,
      label: '2021/2022',
      startsOn: '2021-11-01',
      coreSetId: set.id,
      supplementSetIds: set.id.startsWith('PSI') ? supplements.map((it) => it.id) : [],
    }),
  );
  const career: BenchEvent[] = [];
  for (let n = 0; n < trainees; n += 1) {
    const key = { enrolmentId: enrolmentId(n), traineeId: traineeId(n), schoolId };
    const stream = `enrolment-${enrolmentId(n)}`;
    const courseYears = courseYearsOf(setOfTrainee(n).id);
    const enrol = (type: string, data: object) => career.push(event('career', career.length + 1, type, stream, at, { ...key, ...data }));
    enrol('trainee-enrolled', { cohortId: uuid(4, n % cores.length), contractStart: '2021-11-01', courseYears });
    enrol('training-years-dated', {
      years: Array.from({ length: courseYears }, (_, year) => ({
        year: year + 1,
        from: `${2021 + year}-11-01`,
        to: `${2022 + year}-10-31`,
        open: false,
      })),
    });
    if (n % 9 === 0) enrol('suspension-recorded', { suspensionId: uuid(5, n), from: '2023-02-01', to: '2023-04-15', estimatedTo: null });
    if (setOfTrainee(n).id === 'PED-402') enrol('track-chosen', { track: 'primary-care' });
  }
  return [...network, ...career];
}

const roles = ['first-operator', 'second-operator', 'observer'];
const levels = ['observed', 'guided', 'entrusted', null];
const day = (n: number): string => new Date(Date.UTC(2021, 10, 1) + n * 86_400_000).toISOString().slice(0, 10);
const pick = <T>(from: readonly T[], next: () => number): T => from[Math.floor(next() * from.length)] as T;

const factsOf = (activity: Activity, next: () => number): object => {
  const from = Math.floor(next() * 1_400);
  const period = activity.kind === 'rotation';
  const classified =
    activity.kind === 'act'
      ? { 'surgical-role': pick(roles, next), participation: next() < 0.5 ? 'performed-personally' : 'assisted' }
      : {};
  return {
    kind: 'professional',
    activities: [activity.code],
    period,
    performedFrom: day(from),
    performedTo: day(period ? from + 20 + Math.floor(next() * 60) : from),
    unitId: null,
    quantity: next() < 0.1 ? 1 + Math.floor(next() * 20) : 1,
    autonomy: pick(levels, next),
    classified,
    simulated: next() < 0.05,
    credits: activity.kind === 'credits' ? Math.floor(next() * 8) / 2 : null,
  };
};

/** Entries of many trainees on their ways, interleaved as they would be: record, submit, mostly validate, at times return. */
export function* entries(trainees: number, events: number, seed = 7): Generator<BenchEvent> {
  const next = random(seed);
  const catalogues = new Map(
    cores.map((set) => [set.id, [...activitiesOf(set), ...(set.id.startsWith('PSI') ? supplements.flatMap(activitiesOf) : [])]]),
  );
  const waiting: { trainee: number; entryId: string; facts: object; step: number }[] = [];
  for (let position = 1; position <= events; position += 1) {
    const known = new Date(Date.UTC(2025, 9, 1) + Math.floor((position * 300) / events) * 86_400_000 + 36_000_000).toISOString();
    if (waiting.length < 2_000 || (next() < 0.34 && waiting.length < 20_000)) {
      const trainee = Math.floor(next() * trainees);
      const activities = catalogues.get(setOfTrainee(trainee).id) as Activity[];
      const rotations = activities.filter((it) => it.kind === 'rotation');
      const activity =
        rotations.length > 0 && next() < 0.004
          ? pick(rotations, next)
          : pick(
              activities.filter((it) => it.kind !== 'rotation'),
              next,
            );
      waiting.push({ trainee, entryId: uuid(6, position), facts: factsOf(activity, next), step: 0 });
    }
    const place = waiting.length > 1 && next() < 0.66 ? Math.floor(next() * waiting.length) : waiting.length - 1;
    const entry = waiting[place] as (typeof waiting)[number];
    const key = { entryId: entry.entryId, enrolmentId: enrolmentId(entry.trainee), traineeId: traineeId(entry.trainee), schoolId };
    const tell = (type: string, data: object) =>
      event('logbook', position, type, `logbookEntry-${entry.entryId}`, known, { ...key, ...data });
    const step = entry.step++;
    if (step === 0) yield tell('entry-recorded', { ...entry.facts, importId: null });
    else if (step === 1) yield tell('entry-submitted', {});
    else {
      const { autonomy, classified } = entry.facts as { autonomy: string | null; classified: object };
      if (next() < 0.05) {
        entry.step = 1;
        yield tell('entry-returned', {});
        continue;
      }
      waiting[place] = waiting.at(-1) as (typeof waiting)[number];
      waiting.pop();
      yield tell('entry-validated', { validatorId: uuid(7, 1), certified: { autonomy, classified }, creditedTo: null, batchId: null });
    }
  }
}
