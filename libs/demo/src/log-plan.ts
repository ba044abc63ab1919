import { addDays, addMonths, type Day, dayNumber } from '@ateneo/calendar';
import type { Activity, logbook, RawInput, Requirement, RequirementSet } from '@ateneo/contracts';
import { type DemoSchool, type DemoTrainee, shareDone, suspensionOf } from './plan.js';
import { Chance, demoId } from './random.js';

type Input = RawInput<typeof logbook.recordEntry>;
/** What becomes of an entry in the end, if its day has come by then. */
export type Fate = 'draft' | 'validated' | 'corrected' | 'returned' | 'rejected';
export type PlannedEntry = {
  readonly trainee: DemoTrainee;
  readonly recordedOn: Day;
  readonly decidedOn: Day;
  readonly fate: Fate;
  readonly input: Input;
  readonly creditedTo: string | null;
};

const ENTRIES_A_YEAR = 132;
/** Validation comes in sittings of the tutor, so many days apart. */
export const SITTING_DAYS = 14;
const NOTES = [
  'Decorso regolare',
  'Nessuna complicanza',
  'Caso discusso in riunione',
  'Accesso difficile, completato con il tutor',
  'Prima esecuzione completa',
  'Protocollo della sede',
];
const OTHERS: Readonly<Record<string, string>> = {
  participation: 'observed',
  diagnosis: 'benign',
  setting: 'ward',
  procedure: 'other-procedure',
  purpose: 'clinical-care',
  'surgical-role': 'second-operator',
};

/** All entries of a trainee up to the day before `today`, in the order of their recording. */
export function planEntries(
  school: DemoSchool,
  trainee: DemoTrainee,
  activities: readonly Activity[],
  sets: readonly RequirementSet[],
  today: Day,
): PlannedEntry[] {
  const chance = new Chance(`entries ${trainee.personId}`);
  const lastDay = [addDays(today, -1), addDays(suspensionOf(trainee, today)?.from ?? today, -1)].sort()[0] as Day;
  const days = dayNumber(lastDay) - dayNumber(trainee.startsOn) + 1;
  if (days < 1) return [];
  const done = shareDone(trainee, school.catalogue.years, today);
  const requirements = new Map(sets.flatMap((set) => set.requirements).map((one) => [one.id, one]));
  const open = activities.filter(
    ({ track, setId }) => setId !== 'NP' && (track === undefined || track === 'base' || track === trainee.track),
  );
  const acts = actsOf(open, requirements, done, Math.max(8, Math.round((ENTRIES_A_YEAR * days) / 365)), chance);
  const planned = [
    ...acts.map(({ activity, quantity }) => ({
      ...entryOn(addDays(trainee.startsOn, chance.whole(0, days - 1)), activity),
      quantity,
      ...classifiedFor(activity, requirements, chance),
    })),
    ...rotations(open, trainee.startsOn, lastDay, done, school.catalogue.years),
    ...Array.from({ length: Math.floor(days / 60) }, () => ({
      ...entryOn(addDays(trainee.startsOn, chance.whole(0, days - 1)), undefined),
      kind: 'non-professional' as const,
      activities: [chance.pick(['NP/seminario', 'NP/journal-club', 'NP/discussione-casi'])],
    })),
  ];
  return planned
    .map((content, n) => finish(school, trainee, content, n, { today, lastDay }, chance))
    .sort((a, b) => (a.recordedOn < b.recordedOn ? -1 : a.recordedOn > b.recordedOn ? 1 : 0));
}

type Content = Omit<Input, 'entryId' | 'submit'>;
const entryOn = (performedOn: Day, activity: Activity | undefined): Content => ({
  activities: activity ? [activity.code] : [],
  performedOn,
  ...(activity?.kind === 'credits' ? { credits: 2 } : {}),
});

/** How often each activity is done: towards the minimum of what it feeds, in as many entries as a trainee logs. */
function actsOf(
  activities: readonly Activity[],
  requirements: ReadonlyMap<string, Requirement>,
  done: number,
  budget: number,
  chance: Chance,
): { activity: Activity; quantity: number }[] {
  const shares = new Map<string, number>();
  for (const { kind, feeds } of activities)
    if (kind !== 'rotation')
      for (const { requirementId, part } of feeds)
        shares.set(`${requirementId} ${part ?? ''}`, (shares.get(`${requirementId} ${part ?? ''}`) ?? 0) + 1);
  const wanted = activities.flatMap((activity) => {
    const feed = activity.feeds[0];
    const requirement = feed && requirements.get(feed.requirementId);
    if (activity.kind === 'rotation' || !requirement || !feed) return [];
    const minimum = activity.kind === 'cross-credit' ? 20 : activity.kind === 'credits' ? 30 : partMinimum(requirement, feed.part);
    const n = Math.round((minimum * done * (0.85 + 0.3 * chance.next())) / (shares.get(`${feed.requirementId} ${feed.part ?? ''}`) ?? 1));
    return n > 0 ? [{ activity, n }] : [];
  });
  const single = wanted.filter(({ activity }) => !activity.bulk).reduce((sum, { n }) => sum + n, 0);
  const bulk = wanted.filter(({ activity }) => activity.bulk).reduce((sum, { n }) => sum + n, 0);
  const most = Math.max(1, Math.ceil(bulk / Math.max(budget - single, budget / 2)));
  return wanted.flatMap(({ activity, n }) => {
    const made: { activity: Activity; quantity: number }[] = [];
    for (let left = n; left > 0;) {
      const quantity = activity.bulk ? Math.min(left, chance.whole(Math.ceil(most / 2), most + Math.floor(most / 2)), 200) : 1;
      made.push({ activity, quantity });
      left -= quantity;
    }
    return made;
  });
}

function partMinimum({ rule, minimum }: Requirement, part: string | undefined): number {
  const inner = rule.kind === 'track' ? rule.rule : rule;
  if (inner.kind === 'components') return inner.components.find(({ key }) => key === part)?.minimum ?? 0;
  return inner.kind === 'each_of' ? inner.minimumEach : (minimum ?? 0);
}

function classifiedFor(
  activity: Activity,
  requirements: ReadonlyMap<string, Requirement>,
  chance: Chance,
): Pick<Input, 'classified' | 'simulated'> {
  const classified: Record<string, string> = {};
  for (const { axis, values } of activity.requires) {
    const share = partShare(requirements.get(activity.feeds[0]?.requirementId ?? ''));
    const [part, ...rest] = values;
    const other = rest[0]?.value ?? OTHERS[axis] ?? 'other';
    classified[axis] =
      chance.happens(Math.min(0.95, share * 1.15)) && part
        ? part.value
        : axis === 'surgical-role' && chance.happens(0.04)
          ? 'observer'
          : other;
  }
  return { classified, simulated: activity.simulationAllowed && chance.happens(0.2) };
}

function partShare(requirement: Requirement | undefined): number {
  const rules = requirement
    ? [requirement.rule].flatMap((rule) => (rule.kind === 'track' ? [rule.rule] : rule.kind === 'all' ? rule.rules : [rule]))
    : [];
  for (const rule of rules) {
    if (rule.kind === 'share' || rule.kind === 'sub_minimum') return rule.partMinimum / rule.minimum;
    if (rule.kind === 'year_window') return 0.6;
  }
  return 0.5;
}

/** Rotations month by month, one after the other, as long as the course asks for them. */
function rotations(activities: readonly Activity[], startsOn: Day, lastDay: Day, done: number, years: number): Content[] {
  const all = activities.filter(({ kind }) => kind === 'rotation');
  const made: Content[] = [];
  const months = Math.floor(years * 12 * Math.min(done, 1));
  for (let month = 0; month < months && all.length > 0; month += 1) {
    const periodFrom = addMonths(startsOn, month);
    const periodTo = addDays(addMonths(startsOn, month + 1), -1);
    if (periodTo > lastDay) break;
    made.push({ activities: [(all[Math.floor((month / (years * 12)) * all.length)] as Activity).code], periodFrom, periodTo });
  }
  return made;
}

function finish(
  school: DemoSchool,
  trainee: DemoTrainee,
  content: Content,
  n: number,
  { today, lastDay }: { today: Day; lastDay: Day },
  chance: Chance,
): PlannedEntry {
  const performed = (content.performedOn ?? content.periodTo) as Day;
  const recordedOn = [addDays(performed, chance.pick([0, 0, 0, 1, 1, 2, 5])), lastDay].sort()[0] as Day;
  const roll = chance.next();
  const recent = dayNumber(today) - dayNumber(performed) < 45;
  const fate: Fate =
    content.kind === 'non-professional'
      ? 'validated'
      : roll < (recent ? 0.06 : 0.004)
        ? 'draft'
        : roll < 0.075 && roll > 0.062
          ? 'returned'
          : roll > 0.992 || (trainee.pace === 'rejected' && recent && roll > 0.9)
            ? 'rejected'
            : roll > 0.965
              ? 'corrected'
              : 'validated';
  const years = (dayNumber(performed) - dayNumber(trainee.startsOn)) / 365;
  const autonomy =
    content.periodFrom || content.kind === 'non-professional'
      ? null
      : chance.next() < 0.62 - years * 0.17
        ? 'support'
        : chance.next() < 0.95 - years * 0.14
          ? 'guided'
          : 'entrusted';
  const crossed = content.activities[0] === 'operative-obstetrics';
  return {
    trainee,
    recordedOn,
    decidedOn: addDays(recordedOn, chance.whole(4, 40)),
    fate,
    input: {
      entryId: demoId('entry', trainee.personId, n),
      ...content,
      unitId: (school.units[chance.happens(0.75) ? 0 : chance.whole(1, 2)] ?? school.units[0])?.unitId ?? null,
      autonomy,
      note: chance.happens(0.06) ? chance.pick(NOTES) : '',
      submit: fate !== 'draft',
    },
    creditedTo: crossed ? chance.pick(['GINE-402-05', 'GINE-402-06', 'GINE-402-07']) : null,
  };
}
