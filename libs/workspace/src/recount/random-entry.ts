import fc from 'fast-check';
import { plainRulesOf, type CatalogueRequirement, type DerivedActivity } from './derived-activities.js';
import { atMinute, dayAt, enrolmentKey, idOf, type Draft } from './random-events.js';

const PATHS = [
  [],
  ['discarded'],
  ['amended'],
  ['submitted'],
  ['submitted', 'validated'],
  ['submitted', 'validated'],
  ['amended', 'submitted', 'validated'],
  ['submitted', 'withdrawn'],
  ['submitted', 'withdrawn', 'amended', 'submitted'],
  ['submitted', 'returned', 'discarded'],
  ['submitted', 'returned', 'amended', 'submitted', 'validated'],
  ['submitted', 'rejected'],
  ['submitted', 'validated', 'reversed'],
  ['submitted', 'validated', 'reversed', 'validated'],
  ['submitted', 'validated', 'reversed', 'returned', 'amended', 'submitted'],
  ['submitted', 'validated', 'kept'],
] as const;
type Step = (typeof PATHS)[number][number];
const NOT_FOR_NON_PROFESSIONAL: readonly Step[] = ['returned', 'rejected', 'reversed'];
const LEVELS = ['observed', 'guided', 'entrusted', null] as const;

export type EntryScript = {
  activities: number[];
  day: number;
  lasting: number;
  amount: 'one' | 'few' | 'third' | 'almost' | 'full';
  credits: number;
  simulated: boolean;
  imported: boolean;
  kind: 'professional' | 'non-professional' | 'past';
  level: number;
  values: number[];
  path: readonly Step[];
  delays: number[];
  corrected: { level: number; values: number[] } | null;
  credited: number;
  bulk: boolean;
};
/** What an entry can name: activities of the set in question half of the time, else of the whole university; and the requirements asked. */
export type EntryWorld = {
  start: string;
  focus: readonly DerivedActivity[];
  activities: readonly DerivedActivity[];
  asked: readonly CatalogueRequirement[];
};

const values = fc.array(fc.noBias(fc.nat(7)), { minLength: 6, maxLength: 6 });
const level = fc.nat(LEVELS.length - 1);
export const anyEntry = (day: fc.Arbitrary<number>): fc.Arbitrary<EntryScript> =>
  fc.record({
    activities: fc.array(fc.noBias(fc.nat(200)), { minLength: 1, maxLength: 3 }),
    day,
    lasting: fc.oneof(fc.constantFrom(1, 6, 7, 28, 30, 31, 59, 61, 120, 181, 182, 365, 366, 731), fc.integer({ min: 1, max: 400 })),
    amount: fc.constantFrom('one', 'few', 'third', 'almost', 'full'),
    credits: fc.constantFrom(0, 0.5, 1, 7, 29.5, 60),
    simulated: fc.integer({ min: 1, max: 5 }).map((n) => n === 5),
    imported: fc.boolean(),
    kind: fc.constantFrom('professional', 'professional', 'past', 'non-professional'),
    level,
    values,
    path: fc.constantFrom(...PATHS),
    delays: fc.array(fc.oneof(fc.nat(3), fc.nat(300)), { minLength: 7, maxLength: 7 }),
    corrected: fc.option(fc.record({ level, values }), { nil: null }),
    credited: fc.nat(8),
    bulk: fc.boolean(),
  });

/** One activity of time or credits alone, or several acts of which no two feed the same requirement by different parts (counting.md 8, 20). */
function activitiesOf(world: EntryWorld, script: EntryScript): DerivedActivity[] {
  const from = (n: number) => (n % 2 === 0 ? world.focus : world.activities);
  const picked = script.activities.map((n) => from(n)[(n >> 1) % from(n).length]!);
  const first = picked[0]!;
  if (first.kind === 'rotation' || first.kind === 'credits') return [first];
  const acts = [...new Set(picked)].filter((it) => it.kind === 'act' || it.kind === 'cross-credit');
  const partsOf = (it: DerivedActivity) => it.feeds.filter((feed) => feed.part !== undefined).map((feed) => feed.requirementId);
  return acts.filter((it, i) => !acts.slice(0, i).some((before) => partsOf(before).some((id) => partsOf(it).includes(id))));
}

function quantityOf(world: EntryWorld, script: EntryScript, activity: DerivedActivity): number {
  const minimum = world.asked.find((it) => it.id === activity.feeds[0]?.requirementId)?.minimum ?? 1;
  return Math.max(1, { one: 1, few: 3, third: Math.ceil(minimum / 3), almost: minimum - 1, full: minimum }[script.amount]);
}

/** A value the rules know, mostly; another one sometimes; none in some imported rows (counting.md 6). */
function classifiedOf(activities: readonly DerivedActivity[], picks: readonly number[], imported: boolean): Record<string, string> {
  const classified: Record<string, string> = {};
  activities
    .flatMap((it) => it.requires)
    .forEach(({ axis, values }, i) => {
      const pick = picks[i % picks.length]!;
      if (pick === 7) classified[axis] = 'another-value';
      else if (pick < 6 || !imported) classified[axis] = values[pick % values.length]!.value;
    });
  return classified;
}

function factsOf(world: EntryWorld, script: EntryScript, activities: readonly DerivedActivity[], picks: readonly number[]) {
  const period = activities[0]!.kind === 'rotation';
  return {
    ...{ kind: script.kind, activities: activities.map((it) => it.code), period },
    ...{
      performedFrom: dayAt(world.start, script.day),
      performedTo: dayAt(world.start, script.day + (period ? script.lasting - 1 : 0)),
      unitId: null,
    },
    ...{ quantity: period ? 1 : quantityOf(world, script, activities[0]!), autonomy: LEVELS[script.level] ?? null },
    ...{ classified: classifiedOf(activities, picks, script.imported), simulated: script.simulated },
    credits: activities[0]!.kind === 'credits' ? script.credits : null,
  };
}

/** The target decided by the tutor: usually one of the list, at times one that no set of the trainee has. */
function targetOf(world: EntryWorld, script: EntryScript, activities: readonly DerivedActivity[]): string | null {
  const crossing = activities.find((it) => it.kind === 'cross-credit');
  if (!crossing) return null;
  const requirement = world.asked.find((it) => it.id === crossing.feeds[0]?.requirementId);
  const targets = (requirement ? plainRulesOf(requirement.rule) : []).flatMap((it) => it.to ?? []);
  return targets[script.credited] ?? (script.credited > 5 ? 'ABSENT-01' : (targets[0] ?? 'ABSENT-01'));
}

export function entryEvents(world: EntryWorld, script: EntryScript, n: number): Draft[] {
  const activities = activitiesOf(world, script);
  const key = { entryId: idOf('entry', n), ...enrolmentKey };
  let facts = factsOf(world, script, activities, script.values);
  const batchId = script.bulk ? idOf('batch', 1) : null;
  const certified = () => ({
    autonomy: script.corrected ? (LEVELS[script.corrected.level] ?? null) : facts.autonomy,
    classified: script.corrected ? classifiedOf(activities, script.corrected.values, script.imported) : facts.classified,
  });
  const dataOf: Record<Step, () => object> = {
    amended: () =>
      (facts = { ...factsOf(world, script, activities, script.values.toReversed()), quantity: facts.quantity + (facts.period ? 0 : 1) }),
    validated: () => ({ validatorId: idOf('tutor', 1), certified: certified(), creditedTo: targetOf(world, script, activities), batchId }),
    ...{
      reversed: () => ({ batchId }),
      submitted: () => ({}),
      withdrawn: () => ({}),
      returned: () => ({}),
      rejected: () => ({}),
      discarded: () => ({}),
      kept: () => ({}),
    },
  };
  const path =
    script.kind === 'non-professional' && script.path.some((it) => NOT_FOR_NON_PROFESSIONAL.includes(it))
      ? (['submitted', 'validated'] as const)
      : script.path;
  let at = script.day + (facts.period ? script.lasting - 1 : 0) + script.delays[0]!;
  const draft = (type: string, data: object): Draft => ({
    service: 'logbook',
    type,
    stream: key.entryId,
    at: atMinute(at),
    data: { ...key, ...data },
  });
  const drafts = [draft('entry-recorded.v1', { ...facts, importId: script.imported ? idOf('import', 1) : null })];
  path.forEach((step, i) => {
    const data = dataOf[step]();
    at += script.delays[i + 1]!;
    drafts.push(draft(step === 'reversed' ? 'validation-reversed.v1' : `entry-${step}.v1`, data));
  });
  return drafts;
}
