/**
 * The independent recount: the counters once more, straight from public events, naive and day by day, written from the catalogue README §1 and
 * counting.md alone. It shares no code with the product, so that an error cannot hide in both. Numbers in brackets are those of counting.md.
 */

export type RecountedEvent = {
  readonly type: string;
  readonly data: unknown;
  readonly time: string;
  readonly service: string;
  readonly position: number;
};
export type Fraction = { numerator: number; denominator: number };
export type RecountedPart = { key: string; n: number; number: number; minimum: number; met: boolean };
/** (9) counted days of a rule that asks for time, in all and in each training year. */
export type RecountedTime = { days: number; years: { year: number; days: number }[] };
export type RecountedFigure = {
  n: number;
  achieved: number;
  progress: Fraction | null;
  number: number;
  minimum: number | null;
  percent: number | null;
  met: boolean;
  levels: Record<string, number>;
  parts: RecountedPart[];
  failing: string[];
  remainder: number | null;
  time: RecountedTime | null;
};
export type RecountedRequirement = {
  requirementId: string;
  applicable: boolean;
  provisional: RecountedFigure;
  definitive: RecountedFigure;
  logged: number;
};
export type RecountedSet = {
  setId: string;
  percent: { provisional: number | null; definitive: number | null };
  met: { provisional: boolean; definitive: boolean };
  missingAttestations: number;
  track: { chosen: string | null; missing: boolean };
  requirements: RecountedRequirement[];
};
export type RemarkCode = 'share-unclassified' | 'cross-credit-lapsed' | 'activity-unmapped' | 'periods-overlap' | 'simulated-not-allowed';
export type RecountedRemark = { code: RemarkCode; entryId: string; requirementId?: string };
export type Recount = {
  enrolmentId: string;
  cohortId: string;
  asOf: string;
  knownAt: string | null;
  sets: RecountedSet[];
  remarks: RecountedRemark[];
};
export type Question = { enrolmentId: string; asOf: string; knownAt?: string };

type AxisValue = { axis: string; value: string };
type Unit = 'weeks' | 'months' | 'semesters' | 'years';
type Duration = { kind: 'duration'; unit: Unit; minimum?: number; minimumPerYear?: number; years?: number };
type Share = { kind: 'share' | 'sub_minimum'; minimum: number; partMinimum: number; part: AxisValue; remainder?: AxisValue };
type YearWindow = { kind: 'year_window'; minimum: number; lastYears: number; requires: AxisValue };
/** Every rule kind but the two that only wrap others. */
type PlainRule =
  | { kind: 'min_count' | 'credits'; minimum: number }
  | { kind: 'subset_of'; minimum: number; of: string }
  | { kind: 'components'; components: { key: string; minimum: number }[] }
  | { kind: 'each_of'; minimumEach: number; items: { key: string }[] }
  | { kind: 'sum_of'; of: string[] }
  | { kind: 'cross_credit'; to: string[] }
  | { kind: 'qualitative' }
  | Share
  | YearWindow
  | Duration;
type Rule = PlainRule | { kind: 'all'; rules: Rule[] } | { kind: 'track'; track: string; rule: Rule };
type Requirement = { id: string; minimum: number | null; rule: Rule; simulationAllowed?: boolean };
type RequirementSet = { id: string; tracks?: { key: string; mode: 'common' | 'elective' }[]; requirements: Requirement[] };
type Activity = { code: string; kind: 'act' | 'rotation' | 'credits' | 'cross-credit'; feeds: { requirementId: string; part?: string }[] };
type Values = { autonomy: string | null; classified: Record<string, string | undefined> };
type Facts = Values & {
  activities: string[];
  period: boolean;
  performedFrom: string;
  performedTo: string;
  quantity: number;
  simulated: boolean;
  credits: number | null;
};
type EntryState = 'draft' | 'submitted' | 'validated' | 'rejected' | 'discarded';
type Entry = { id: string; state: EntryState; facts: Facts; certified: Values | null; creditedTo: string | null };
type Suspension = { from: string; to: string | null; withdrawn: boolean };
/** One interval of a requirement without a number; `until`: the first day without it. */
type Attestation = { id: string; requirementId: string; from: string; until: string | null; withdrawn: boolean };
type Cohort = { coreSetId: string; supplementSetIds: string[]; notApplicable: Map<string, boolean> };
type Enrolment = {
  id: string;
  schoolId: string;
  cohortId: string | null;
  courseYears: number;
  years: { year: number; from: string; to: string }[];
  track: string | null;
  suspensions: Map<string, Suspension>;
  notApplicable: Map<string, boolean>;
  attestations: Attestation[];
  entries: Map<string, Entry>;
};
type Ledger = {
  sets: Map<string, { set: RequirementSet; activities: Map<string, Activity> }>;
  schoolActivities: Map<string, Map<string, Activity>>;
  cohorts: Map<string, Cohort>;
  enrolments: Map<string, Enrolment>;
};

// ── Reading the events ──

type Data = {
  [
    key in
      | 'setId'
      | 'schoolId'
      | 'cohortId'
      | 'coreSetId'
      | 'requirementId'
      | 'enrolmentId'
      | 'track'
      | 'suspensionId'
      | 'from'
      | 'attestationId'
      | 'entryId'
  ]: string;
} & {
  set: RequirementSet;
  activities: Activity[];
  activity: Activity;
  supplementSetIds: string[];
  applicable: boolean;
  courseYears: number;
  years: Enrolment['years'];
} & {
  to: string | null;
  withdrawn: boolean;
  certified: Values;
  creditedTo: string | null;
};

/** (23) what each event does to the state of an entry; anything else leaves it alone. */
const STEPS: Record<string, { from: EntryState; to: EntryState }> = {
  'logbook.entry-discarded.v1': { from: 'draft', to: 'discarded' },
  'logbook.entry-submitted.v1': { from: 'draft', to: 'submitted' },
  'logbook.entry-withdrawn.v1': { from: 'submitted', to: 'draft' },
  'logbook.entry-returned.v1': { from: 'submitted', to: 'draft' },
  'logbook.entry-rejected.v1': { from: 'submitted', to: 'rejected' },
  'logbook.entry-validated.v1': { from: 'submitted', to: 'validated' },
  'logbook.validation-reversed.v1': { from: 'validated', to: 'submitted' },
};

const romeDay = new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/Rome', year: 'numeric', month: '2-digit', day: '2-digit' });

/** (19) each event once, in the order of its origin; (22) only what was recorded by the end of day K, Europe/Rome. */
function inOrder(events: readonly RecountedEvent[], knownAt: string | undefined): RecountedEvent[] {
  const sorted = [...events].sort((a, b) => (a.service < b.service ? -1 : a.service > b.service ? 1 : a.position - b.position));
  const once = sorted.filter(
    (event, i) => i === 0 || sorted[i - 1]!.service !== event.service || sorted[i - 1]!.position !== event.position,
  );
  return knownAt === undefined ? once : once.filter((event) => romeDay.format(new Date(event.time)) <= knownAt);
}

function readLedger(events: readonly RecountedEvent[], knownAt: string | undefined): Ledger {
  const ledger: Ledger = { sets: new Map(), schoolActivities: new Map(), cohorts: new Map(), enrolments: new Map() };
  for (const event of inOrder(events, knownAt)) {
    const data = event.data as Data;
    if (event.type.startsWith('school-network.')) readSchoolNetwork(ledger, event.type, data);
    else if (data.enrolmentId !== undefined) readEnrolment(enrolmentOf(ledger, data), event.type, data);
  }
  return ledger;
}

function enrolmentOf(ledger: Ledger, data: Data): Enrolment {
  const known = ledger.enrolments.get(data.enrolmentId);
  if (known) return known;
  const fresh: Enrolment = {
    ...{ id: data.enrolmentId, schoolId: data.schoolId, cohortId: null, courseYears: 0, years: [], track: null },
    ...{ suspensions: new Map(), notApplicable: new Map(), attestations: [], entries: new Map() },
  };
  ledger.enrolments.set(fresh.id, fresh);
  return fresh;
}

function readSchoolNetwork(ledger: Ledger, type: string, data: Data): void {
  switch (type) {
    case 'school-network.requirement-set-published.v1':
      ledger.sets.set(data.setId, { set: data.set, activities: new Map(data.activities.map((it) => [it.code, it])) });
      break;
    case 'school-network.activity-added.v1': {
      const own = ledger.schoolActivities.get(data.schoolId) ?? new Map<string, Activity>();
      ledger.schoolActivities.set(data.schoolId, own.set(data.activity.code, data.activity));
      break;
    }
    case 'school-network.cohort-opened.v1':
    case 'school-network.cohort-bound-to-requirement-set.v1': {
      const notApplicable = ledger.cohorts.get(data.cohortId)?.notApplicable ?? new Map<string, boolean>();
      ledger.cohorts.set(data.cohortId, { coreSetId: data.coreSetId, supplementSetIds: data.supplementSetIds, notApplicable });
      break;
    }
    case 'school-network.requirement-declared-not-applicable.v1':
      ledger.cohorts.get(data.cohortId)?.notApplicable.set(data.requirementId, !data.applicable);
  }
}

function readEnrolment(enrolment: Enrolment, type: string, data: Data): void {
  if (type.startsWith('career.')) readCareer(enrolment, type, data);
  else if (data.attestationId !== undefined) readAttestation(enrolment, type, data);
  else if (data.entryId !== undefined) readEntry(enrolment, type, data);
}

// (30) several intervals of one requirement, one after the other; none of them moves the days of another
function readAttestation(enrolment: Enrolment, type: string, { attestationId, requirementId, from }: Data): void {
  const standing = enrolment.attestations.filter((it) => it.id === attestationId && !it.withdrawn);
  if (type === 'logbook.requirement-attested.v1')
    enrolment.attestations.push({ id: attestationId, requirementId, from, until: null, withdrawn: false });
  else if (type === 'logbook.attestation-revoked.v1') for (const it of standing) it.until ??= from;
  else if (type === 'logbook.attestation-withdrawn.v1') {
    const mistaken = standing.findLast((it) => it.from === from);
    if (mistaken) mistaken.withdrawn = true;
  }
}

function readCareer(enrolment: Enrolment, type: string, data: Data): void {
  const suspension = enrolment.suspensions.get(data.suspensionId);
  switch (type) {
    case 'career.trainee-enrolled.v1':
      enrolment.courseYears = data.courseYears;
      enrolment.cohortId = data.cohortId;
      break;
    case 'career.trainee-moved-to-cohort.v1':
      enrolment.cohortId = data.cohortId;
      break;
    case 'career.training-years-dated.v1':
      enrolment.years = data.years;
      break;
    case 'career.track-chosen.v1':
      enrolment.track = data.track;
      break;
    case 'career.suspension-recorded.v1':
      enrolment.suspensions.set(data.suspensionId, { from: data.from, to: data.to, withdrawn: false });
      break;
    case 'career.suspension-corrected.v1':
      enrolment.suspensions.set(data.suspensionId, { from: data.from, to: data.to, withdrawn: data.withdrawn });
      break;
    case 'career.suspension-ended.v1':
      if (suspension) suspension.to = data.to;
      break;
    case 'career.requirement-declared-not-applicable.v1':
      enrolment.notApplicable.set(data.requirementId, !data.applicable);
  }
}

function readEntry(enrolment: Enrolment, type: string, data: Data): void {
  const entry = enrolment.entries.get(data.entryId);
  const facts = data as unknown as Facts;
  if (type === 'logbook.entry-recorded.v1') {
    if (!entry) enrolment.entries.set(data.entryId, { id: data.entryId, state: 'draft', facts, certified: null, creditedTo: null });
  } else if (type === 'logbook.entry-amended.v1') {
    if (entry?.state === 'draft') entry.facts = facts;
  } else if (entry && STEPS[type]?.from === entry.state) {
    entry.state = STEPS[type].to;
    // (3) a validation records every value in full; (12) with the one target of the cross credit. A reversal takes both back.
    entry.certified = entry.state === 'validated' ? data.certified : null;
    entry.creditedTo = entry.state === 'validated' ? data.creditedTo : null;
  }
}

// ── Days ──

const MS_A_DAY = 86_400_000;
const numberOf = (day: string): number => Date.parse(`${day}T00:00:00Z`) / MS_A_DAY;
const monthStarts: number[] = [];
/** Day number of the first day of a month counted from January 1970. */
const monthStart = (month: number): number => (monthStarts[month] ??= Date.UTC(1970 + Math.floor(month / 12), month % 12, 1) / MS_A_DAY);

/** (9) L(k): calendar days from `start` to the day before its corresponding day k months later; a missing day is the first of the next month. */
function costsFrom(start: number): (k: number) => number {
  const date = new Date(start * MS_A_DAY);
  const month = (date.getUTCFullYear() - 1970) * 12 + date.getUTCMonth();
  const dayOfMonth = date.getUTCDate();
  return (k) => Math.min(monthStart(month + k) + dayOfMonth - 1, monthStart(month + k + 1)) - start;
}

/** A figure of months: those completed, and `over`/`under` of one more. */
type Months = { whole: number; over: number; under: number };
const atLeast = (a: Months, b: Months): boolean => (a.whole - b.whole) * a.under * b.under + a.over * b.under >= b.over * a.under;

/**
 * (9) The filling that gives most. `days` in date order; from each day on: leave it unspent, or begin k months on it, paid with the days that
 * follow wherever they lie, and go on behind them; only the last month may stay unfinished.
 */
function monthsIn(days: readonly number[]): Months {
  const best: Months[] = [];
  best[days.length] = { whole: 0, over: 0, under: 1 };
  for (let i = days.length - 1; i >= 0; i--) {
    const cost = costsFrom(days[i]!);
    let most = best[i + 1]!;
    for (let k = 0; i + cost(k) <= days.length; k++) {
      const left = days.length - i - cost(k);
      const step = cost(k + 1) - cost(k);
      const behind = best[i + cost(k)];
      const fillings: Months[] = k > 0 && behind ? [{ ...behind, whole: behind.whole + k }] : [];
      if (left < step) fillings.push({ whole: k, over: left, under: step });
      for (const filling of fillings) if (atLeast(filling, most)) most = filling;
    }
    best[i] = most;
  }
  return best[0]!;
}

// ── Exact fractions ──

type Exact = { over: bigint; under: bigint };
const exact = (over: number, under: number): Exact => ({ over: BigInt(over), under: BigInt(under) });
const lower = (a: Exact, b: Exact): Exact => (a.over * b.under <= b.over * a.under ? a : b);
const divisor = (a: bigint, b: bigint): bigint => (b === 0n ? a : divisor(b, a % b));
/** (5) with one decimal, rounded down. */
const inTenths = (it: Exact): number => Number((it.over * 10n) / it.under) / 10;
/** (5) rounded down. */
const wholePercent = (it: Exact): number => Number((it.over * 100n) / it.under);
const inLowestTerms = (it: Exact): Fraction => {
  const common = divisor(it.over, it.under);
  return { numerator: Number(it.over / common), denominator: Number(it.under / common) };
};

// ── One enrolment on one day ──

/** An entry that counts for a requirement, with the values that hold for it. */
type Counted = { entry: Entry; quantity: number; level: string; classified: Values['classified']; part: string | undefined };
/** What a rule says before it becomes a figure. */
type Verdict = {
  n: number;
  achieved: number;
  progress: Exact | null;
  met: boolean;
  levels: Record<string, number>;
  parts: RecountedPart[];
  /** (5) what was reached, exactly, and what is required */
  reached: Exact;
  minimum: number | null;
  time?: RecountedTime;
  remainder?: number;
};

const DEFINITIVE: readonly EntryState[] = ['validated'];
const PROVISIONAL: readonly EntryState[] = ['submitted', 'validated'];
const LOGGED: readonly EntryState[] = ['draft', 'submitted', 'validated'];
const MONTHS_OF = { months: 1, semesters: 6, years: 12 } as const;
/** Credits may have decimals: summed in thousandths, so that sums are exact. */
const CREDIT_GRAIN = 1000;

const plainRules = (rule: Rule): PlainRule[] =>
  rule.kind === 'track' ? plainRules(rule.rule) : rule.kind === 'all' ? rule.rules.flatMap(plainRules) : [rule];
/** (3) the certified values beat the claim, as a whole. */
const valuesOf = (entry: Entry): Values => entry.certified ?? entry.facts;
const has = (values: Values['classified'], wanted: AxisValue): boolean => values[wanted.axis] === wanted.value;
const minimumOf = (rule: Duration): number => rule.minimum ?? (rule.minimumPerYear ?? 0) * (rule.years ?? 1);
const total = (counted: readonly Counted[]): number => counted.reduce((sum, it) => sum + it.quantity, 0);

function levelsOf(counted: readonly Counted[]): Record<string, number> {
  const levels: Record<string, number> = {};
  for (const it of counted) levels[it.level] = (levels[it.level] ?? 0) + it.quantity;
  return levels;
}

type Way = { requirement: Requirement; part?: string };

class Day {
  private readonly requirements = new Map<string, Requirement>();
  private readonly asOf: number;
  private readonly ways = new Map<Entry, Way[]>();
  private readonly subsets = new Map<Requirement, Requirement[]>();
  private readonly remarked = new Map<string, RecountedRemark>();

  constructor(
    private readonly ledger: Ledger,
    private readonly enrolment: Enrolment,
    asOf: string,
    private readonly sets: readonly RequirementSet[],
    private readonly cohort: Cohort | undefined,
  ) {
    this.asOf = numberOf(asOf);
    for (const set of sets) for (const requirement of set.requirements) this.requirements.set(requirement.id, requirement);
    const all = [...this.requirements.values()];
    const isSubset = (it: Requirement, of: Requirement) =>
      plainRules(it.rule).some((rule) => rule.kind === 'subset_of' && rule.of === of.id);
    for (const requirement of all)
      this.subsets.set(
        requirement,
        all.filter((it) => isSubset(it, requirement)),
      );
  }

  judged(): { sets: RecountedSet[]; remarks: RecountedRemark[] } {
    const sets = this.sets.map((set) => this.judgeSet(set));
    for (const entry of this.entries(PROVISIONAL)) this.remarkOn(entry);
    this.remarkOverlaps();
    return { sets, remarks: [...this.remarked.values()] };
  }

  // (17) core and supplements apart
  private judgeSet(set: RequirementSet): RecountedSet {
    const electives = (set.tracks ?? []).filter((it) => it.mode === 'elective').map((it) => it.key);
    const chosen = electives.find((key) => key === this.enrolment.track) ?? null;
    const missing = electives.length > 0 && chosen === null;
    const requirements = set.requirements.map((it) => this.judgeRequirement(set, it, chosen));
    const asked = set.requirements
      .map((it, i) => ({ kinds: plainRules(it.rule).map((rule) => rule.kind), judged: requirements[i]! }))
      .filter((it) => it.judged.applicable);
    // (18) attestations and cross credits stay out of the mean
    const measured = asked.filter((it) => !it.kinds.includes('qualitative') && !it.kinds.includes('cross_credit')).map((it) => it.judged);
    // (14) without a track the set cannot be met; a set of which nothing is asked is met
    const met = (counter: 'provisional' | 'definitive') => !missing && asked.every((it) => it.judged[counter].met);
    return {
      setId: set.id,
      percent: {
        provisional: meanPercent(measured.map((it) => it.provisional)),
        definitive: meanPercent(measured.map((it) => it.definitive)),
      },
      met: { provisional: met('provisional'), definitive: met('definitive') },
      missingAttestations: asked.filter((it) => it.kinds.includes('qualitative') && !it.judged.definitive.met).length,
      track: { chosen, missing },
      requirements,
    };
  }

  private judgeRequirement(set: RequirementSet, requirement: Requirement, chosen: string | null): RecountedRequirement {
    return {
      requirementId: requirement.id,
      applicable: this.isApplicable(set, requirement, chosen),
      provisional: this.figure(requirement, PROVISIONAL),
      definitive: this.figure(requirement, DEFINITIVE),
      // (1) open in the documents: an entry is logged for a requirement if it would count there once validated, so that the three compare (E2.1)
      logged: this.verdict(requirement, requirement.rule, LOGGED).n,
    };
  }

  // (14, 16) either declaration is enough; figures are still counted, and what was done still reaches a total or parent
  private isApplicable(set: RequirementSet, { id, rule }: Requirement, chosen: string | null): boolean {
    if (this.enrolment.notApplicable.get(id) || this.cohort?.notApplicable.get(id)) return false;
    if (rule.kind !== 'track') return true;
    return rule.track === chosen || set.tracks?.find((it) => it.key === rule.track)?.mode === 'common';
  }

  private figure(requirement: Requirement, states: readonly EntryState[]): RecountedFigure {
    const { n, achieved, met, levels, parts, ...verdict } = this.verdict(requirement, requirement.rule, states);
    const { progress, reached, minimum, time = null, remainder = null } = verdict;
    // (5) number / minimum, rounded down; at most 99 while anything is unmet
    const percent = minimum === null ? null : wholePercent({ over: reached.over, under: reached.under * BigInt(minimum) });
    return {
      ...{ n, achieved, met, levels, parts, minimum, time, remainder },
      progress: progress && inLowestTerms(progress),
      number: inTenths(reached),
      percent: percent !== null && !met && percent > 99 ? 99 : percent,
      failing: parts.filter((it) => !it.met).map((it) => it.key),
    };
  }

  private verdict(requirement: Requirement, rule: Rule, states: readonly EntryState[]): Verdict {
    switch (rule.kind) {
      case 'track':
        return this.verdict(requirement, rule.rule, states);
      case 'all':
        return this.everyRule(requirement, rule.rules, states);
      case 'min_count':
      case 'subset_of':
        return enough(this.counted(requirement, states), rule.minimum);
      case 'sum_of':
        return enough(this.counted(requirement, states), requirement.minimum ?? 0);
      case 'share':
      case 'sub_minimum':
        return withPart(this.counted(requirement, states), rule);
      case 'components':
        return eachEnough(this.counted(requirement, states), rule.components);
      case 'each_of':
        return eachEnough(
          this.counted(requirement, states),
          rule.items.map(({ key }) => ({ key, minimum: rule.minimumEach })),
        );
      case 'year_window':
        return this.inWindow(this.counted(requirement, states), rule);
      case 'duration':
        return this.lasting(this.daysOf(requirement, states), rule);
      case 'credits':
        return this.credited(requirement, rule.minimum, states);
      case 'cross_credit': {
        const counted = this.counted(requirement, states);
        return { ...enough(counted, 1), progress: null, met: true, minimum: null };
      }
      case 'qualitative': {
        const n = this.isAttested(requirement.id) ? 1 : 0;
        return { n, achieved: n, progress: exact(n, 1), met: n === 1, levels: {}, parts: [], reached: exact(n, 1), minimum: 1 };
      }
    }
  }

  // (4) the lowest; number and levels are those of the rule that counts
  private everyRule(requirement: Requirement, rules: readonly Rule[], states: readonly EntryState[]): Verdict {
    const verdicts = rules.map((rule) => ({ rule, ...this.verdict(requirement, rule, states) }));
    const counting = verdicts.find((it) => it.rule.kind !== 'duration') ?? verdicts[0]!;
    const progress = verdicts.map((it) => it.progress).reduce((a, b) => (a && b ? lower(a, b) : (a ?? b)));
    const parts = verdicts.flatMap((it) =>
      it.rule.kind === 'duration'
        ? [{ key: 'duration', n: it.n, number: inTenths(it.reached), minimum: minimumOf(it.rule), met: it.met }]
        : it.parts,
    );
    const { rule: _rule, ...chief } = counting;
    return { ...chief, time: verdicts.find((it) => it.time)?.time, progress, met: verdicts.every((it) => it.met), parts };
  }

  /** (1) entries in these states, performed on or before the day; of a period, at least its first day. */
  private entries(states: readonly EntryState[]): Entry[] {
    return [...this.enrolment.entries.values()].filter((it) => states.includes(it.state) && numberOf(it.facts.performedFrom) <= this.asOf);
  }

  /** What an activity code means here: the school's own, or one derived from a set in force; any other leads nowhere. */
  private activity(code: string): Activity | undefined {
    const own = this.ledger.schoolActivities.get(this.enrolment.schoolId)?.get(code);
    return own ?? this.sets.map((set) => this.ledger.sets.get(set.id)?.activities.get(code)).find((it) => it !== undefined);
  }

  // (8) a period feeds durations through its rotation only, an act never feeds one; (11) credits have an activity of their own
  private feeds(entry: Entry): Way[] {
    const known = this.ways.get(entry);
    if (known) return known;
    const feeds = entry.facts.activities.flatMap((code) => {
      const activity = this.activity(code);
      return (activity?.feeds ?? []).flatMap((feed) => {
        const requirement = this.requirements.get(feed.requirementId);
        return requirement && accepts(requirement, activity!.kind, entry.facts.period) ? [{ requirement, part: feed.part }] : [];
      });
    });
    // (2) each requirement once, whatever paths lead there
    const ways = feeds.filter((feed, i) => feeds.findIndex((it) => it.requirement === feed.requirement) === i);
    this.ways.set(entry, ways);
    return ways;
  }

  private isLedTo(entry: Entry, requirement: Requirement): { part?: string } | undefined {
    const own = this.feeds(entry).find((it) => it.requirement === requirement);
    if (own) return own;
    if (entry.facts.period) return undefined;
    if (this.creditTarget(entry) === requirement) return {};
    return this.subsets.get(requirement)!.some((subset) => this.isLedTo(entry, subset)) ? {} : undefined;
  }

  /** (12) where a validated entry of a cross credit goes by the tutor's decision; nowhere if the target is not in the set in force. */
  private creditTarget(entry: Entry): Requirement | undefined {
    if (entry.creditedTo === null) return undefined;
    const allowed = this.feeds(entry).flatMap((feed) =>
      plainRules(feed.requirement.rule).flatMap((rule) => (rule.kind === 'cross_credit' ? rule.to : [])),
    );
    return allowed.includes(entry.creditedTo) ? this.requirements.get(entry.creditedTo) : undefined;
  }

  private counted(requirement: Requirement, states: readonly EntryState[]): Counted[] {
    const sum = plainRules(requirement.rule).find((rule) => rule.kind === 'sum_of');
    // (7) what the addends counted, each entry once; nothing is logged on a sum directly
    if (sum) {
      const addends = sum.of.flatMap((id) => this.requirements.get(id) ?? []).flatMap((it) => this.counted(it, states));
      return addends.filter((it, i) => addends.findIndex((other) => other.entry === it.entry) === i);
    }
    return this.entries(states).flatMap((entry) => {
      const way = entry.facts.period ? undefined : this.isLedTo(entry, requirement);
      if (!way || (entry.facts.simulated && !requirement.simulationAllowed)) return [];
      const { autonomy, classified } = valuesOf(entry);
      const counted = { entry, quantity: entry.facts.quantity, level: autonomy ?? 'not-stated', classified, part: way.part };
      return plainRules(requirement.rule).every((rule) => this.takes(rule, counted)) ? [counted] : [];
    });
  }

  private takes(rule: PlainRule, counted: Counted): boolean {
    if (rule.kind === 'share' && rule.remainder) return has(counted.classified, rule.part) || has(counted.classified, rule.remainder);
    if (rule.kind === 'year_window') return !this.isInWindow(counted.entry, rule) || has(counted.classified, rule.requires);
    if (rule.kind === 'components') return rule.components.some((it) => it.key === counted.part);
    if (rule.kind === 'each_of') return rule.items.some((it) => it.key === counted.part);
    return true;
  }

  // (10) the trainee's own year; without dated years nothing is in the window
  private isInWindow(entry: Entry, rule: YearWindow): boolean {
    const opening = this.enrolment.years.find((it) => it.year === this.enrolment.courseYears - rule.lastYears + 1);
    return opening !== undefined && entry.facts.performedFrom >= opening.from;
  }

  private inWindow(counted: readonly Counted[], rule: YearWindow): Verdict {
    const n = total(counted.filter((it) => this.isInWindow(it.entry, rule)));
    return { ...enough(counted, rule.minimum), parts: [{ key: rule.requires.value, n, number: n, minimum: 0, met: true }] };
  }

  // (11) validated credits in both counters; as logged, those of drafts and submitted entries too
  private credited(requirement: Requirement, minimum: number, states: readonly EntryState[]): Verdict {
    const counted = this.counted(requirement, states === LOGGED ? LOGGED : DEFINITIVE).map((it) => ({
      ...it,
      quantity: Math.round((it.entry.facts.credits ?? 0) * CREDIT_GRAIN),
    }));
    const levels = Object.fromEntries(Object.entries(levelsOf(counted)).map(([level, n]) => [level, n / CREDIT_GRAIN]));
    const n = total(counted) / CREDIT_GRAIN;
    const reached = exact(total(counted), CREDIT_GRAIN);
    const progress = exact(total(counted), minimum * CREDIT_GRAIN);
    return { n, achieved: n, progress, met: n >= minimum, levels, parts: [], reached, minimum };
  }

  // (13) the day of revocation is the first without it; (30) the interval that holds the day decides, a withdrawn one was never given
  private isAttested(requirementId: string): boolean {
    const given = this.enrolment.attestations.filter((it) => it.requirementId === requirementId && !it.withdrawn);
    return given.some(({ from, until }) => numberOf(from) <= this.asOf && (until === null || this.asOf < numberOf(until)));
  }

  // (9) an open suspension runs on until its end is known
  private isSuspended(day: number): boolean {
    return [...this.enrolment.suspensions.values()].some(
      (it) => !it.withdrawn && numberOf(it.from) <= day && (it.to === null || day <= numberOf(it.to)),
    );
  }

  /** (9) the union of the periods, day by day, up to the day of the question, less suspended days. */
  private daysOf(requirement: Requirement, states: readonly EntryState[]): number[] {
    const days = new Set<number>();
    for (const entry of this.entries(states)) {
      const leads = entry.facts.period && this.feeds(entry).some((it) => it.requirement === requirement);
      if (!leads || (entry.facts.simulated && !requirement.simulationAllowed)) continue;
      const last = Math.min(numberOf(entry.facts.performedTo), this.asOf);
      for (let day = numberOf(entry.facts.performedFrom); day <= last; day++) if (!days.has(day) && !this.isSuspended(day)) days.add(day);
    }
    return [...days].sort((a, b) => a - b);
  }

  private lasting(days: readonly number[], rule: Duration): Verdict {
    if (rule.minimumPerYear !== undefined) return this.lastingPerYear(days, rule.minimumPerYear, rule.years ?? 1, rule.unit);
    const minimum = rule.minimum ?? 0;
    const { whole, over, under } = unitsIn(days, rule.unit);
    const progress = exact(whole * under + over, under * minimum);
    return {
      ...{ n: whole, achieved: whole, progress, met: whole >= minimum, levels: { 'not-stated': whole }, parts: [] },
      ...{ reached: exact(whole * under + over, under), minimum, time: this.timeOf(days) },
    };
  }

  // (9) the best training years, each capped at its own minimum; days outside every training year are in none.
  // Open in the documents: n = whole units of all those days, achieved = whole units of what is left after the caps.
  private lastingPerYear(days: readonly number[], minimum: number, years: number, unit: Unit): Verdict {
    const byYear = this.enrolment.years
      .map(({ from, to }) => [numberOf(from), numberOf(to)] as const)
      .map(([from, to]) => days.filter((day) => from <= day && day <= to));
    const capped = byYear
      .map((of) => unitsIn(of, unit))
      .map((it) => (it.whole >= minimum ? { whole: minimum, over: 0, under: 1 } : it))
      .sort((a, b) => (atLeast(a, b) ? -1 : 1))
      .slice(0, years);
    const sum = capped.reduce<Exact>(
      (a, it) => ({ over: a.over * BigInt(it.under) + BigInt(it.whole * it.under + it.over) * a.under, under: a.under * BigInt(it.under) }),
      exact(0, 1),
    );
    const n = unitsIn(byYear.flat(), unit).whole;
    const progress = { over: sum.over, under: sum.under * BigInt(minimum * years) };
    return {
      n,
      achieved: Number(sum.over / sum.under),
      progress,
      met: progress.over >= progress.under,
      levels: { 'not-stated': n },
      parts: [],
      ...{ reached: sum, minimum: minimum * years, time: this.timeOf(days) },
    };
  }

  private timeOf(days: readonly number[]): RecountedTime {
    const between = (from: string, to: string) => days.filter((day) => numberOf(from) <= day && day <= numberOf(to)).length;
    return { days: days.length, years: this.enrolment.years.map(({ year, from, to }) => ({ year, days: between(from, to) })) };
  }

  // ── Remarks: what counts oddly, among the entries that count by their state ──

  private remark(code: RemarkCode, entry: Entry, requirement?: string): void {
    const remark = { code, entryId: entry.id, ...(requirement !== undefined && { requirementId: requirement }) };
    this.remarked.set(JSON.stringify(remark), remark);
  }

  private remarkOn(entry: Entry): void {
    const leadsOn = (code: string) => this.activity(code)?.feeds.some((it) => this.requirements.has(it.requirementId));
    if (!entry.facts.activities.every(leadsOn)) this.remark('activity-unmapped', entry);
    if (entry.creditedTo !== null && !this.creditTarget(entry)) this.remark('cross-credit-lapsed', entry, entry.creditedTo);
    for (const requirement of this.requirements.values()) {
      if (!this.isLedTo(entry, requirement)) continue;
      if (entry.facts.simulated && !requirement.simulationAllowed) this.remark('simulated-not-allowed', entry, requirement.id);
      else if (plainRules(requirement.rule).some((rule) => this.lacksValue(rule, entry)))
        this.remark('share-unclassified', entry, requirement.id);
    }
  }

  // (6) "counts in no share": in no part, and where a remainder is named not in the total either
  private lacksValue(rule: PlainRule, entry: Entry): boolean {
    if (entry.facts.period) return false;
    const { classified } = valuesOf(entry);
    if (rule.kind === 'share' || rule.kind === 'sub_minimum') return classified[rule.part.axis] === undefined;
    return rule.kind === 'year_window' && this.isInWindow(entry, rule) && classified[rule.requires.axis] === undefined;
  }

  // (8) periods of different requirements with a day in common, suspended or not, up to the day of the question
  private remarkOverlaps(): void {
    const periods = this.entries(PROVISIONAL).filter((it) => it.facts.period);
    for (const a of periods)
      for (const b of periods) {
        const common = a.facts.performedFrom <= b.facts.performedTo && b.facts.performedFrom <= a.facts.performedTo;
        if (a === b || !common) continue;
        for (const { requirement } of this.feeds(a))
          if (this.feeds(b).some((it) => it.requirement !== requirement)) this.remark('periods-overlap', a, requirement.id);
      }
  }
}

/** Whether a rule of the requirement can be fed by such an activity. */
function accepts(requirement: Requirement, kind: Activity['kind'], period: boolean): boolean {
  const kinds = plainRules(requirement.rule).map((rule) => rule.kind);
  if (kind === 'rotation') return period && kinds.includes('duration');
  if (period) return false;
  if (kind === 'credits') return kinds.includes('credits');
  return kinds.some((it) => !['duration', 'credits', 'qualitative', 'sum_of'].includes(it));
}

function enough(counted: readonly Counted[], minimum: number): Verdict {
  const n = total(counted);
  const reached = exact(n, 1);
  return { n, achieved: n, progress: exact(n, minimum), met: n >= minimum, levels: levelsOf(counted), parts: [], reached, minimum };
}

// (4) the lower of total and part
function withPart(counted: readonly Counted[], rule: Share): Verdict {
  const whole = enough(counted, rule.minimum);
  const n = total(counted.filter((it) => has(it.classified, rule.part)));
  const met = n >= rule.partMinimum;
  const progress = lower(whole.progress!, exact(n, rule.partMinimum));
  const parts = [{ key: rule.part.value, n, number: n, minimum: rule.partMinimum, met }];
  const { remainder } = rule;
  const rest = remainder && { remainder: total(counted.filter((it) => has(it.classified, remainder))) };
  return { ...whole, progress, met: whole.met && met, parts, ...rest };
}

// (4) the capped sum over the implied total
function eachEnough(counted: readonly Counted[], items: readonly { key: string; minimum: number }[]): Verdict {
  const parts = items.map(({ key, minimum }) => {
    const n = total(counted.filter((it) => it.part === key));
    return { key, n, number: n, minimum, met: n >= minimum };
  });
  const achieved = parts.reduce((sum, it) => sum + Math.min(it.n, it.minimum), 0);
  const implied = parts.reduce((sum, it) => sum + it.minimum, 0);
  return {
    n: total(counted),
    achieved,
    progress: exact(achieved, implied),
    met: parts.every((it) => it.met),
    levels: levelsOf(counted),
    parts,
    reached: exact(achieved, 1),
    minimum: implied,
  };
}

/** (9) whole units and the begun part of the next one. */
function unitsIn(days: readonly number[], unit: Unit): Months {
  if (unit === 'weeks') return { whole: Math.floor(days.length / 7), over: days.length % 7, under: 7 };
  const { whole, over, under } = monthsIn(days);
  const size = MONTHS_OF[unit];
  return { whole: Math.floor(whole / size), over: (whole % size) * under + over, under: under * size };
}

/** (18) the exact mean of the capped progresses, rounded down; none, no percentage. */
function meanPercent(figures: readonly RecountedFigure[]): number | null {
  if (figures.length === 0) return null;
  const sum = figures.reduce<Exact>(
    (a, { progress }) => {
      const b = lower(exact(progress!.numerator, progress!.denominator), exact(1, 1));
      return { over: a.over * b.under + b.over * a.under, under: a.under * b.under };
    },
    exact(0, 1),
  );
  return wholePercent({ over: sum.over, under: sum.under * BigInt(figures.length) });
}

function answer(ledger: Ledger, { enrolmentId, asOf, knownAt }: Question): Recount | undefined {
  const enrolment = ledger.enrolments.get(enrolmentId);
  if (!enrolment || enrolment.cohortId === null) return undefined;
  const cohort = ledger.cohorts.get(enrolment.cohortId);
  const sets = (cohort ? [cohort.coreSetId, ...cohort.supplementSetIds] : []).flatMap((id) => ledger.sets.get(id)?.set ?? []);
  const judged = new Day(ledger, enrolment, asOf, sets, cohort).judged();
  return { enrolmentId, cohortId: enrolment.cohortId, asOf, knownAt: knownAt ?? null, ...judged };
}

/** Counters of one enrolment as of a day, optionally as known at the end of a day; undefined where the enrolment was not known. */
export function recount(events: Iterable<RecountedEvent>, question: Question): Recount | undefined {
  return answer(readLedger([...events], question.knownAt), question);
}

/** Counters of every enrolment in the log, by enrolment id. */
export async function recountAll(
  events: Iterable<RecountedEvent> | AsyncIterable<RecountedEvent>,
  asOf: string,
  knownAt?: string,
): Promise<Map<string, Recount>> {
  const all: RecountedEvent[] = [];
  for await (const event of events) all.push(event);
  const ledger = readLedger(all, knownAt);
  const answers = [...ledger.enrolments.keys()].map(
    (enrolmentId) => [enrolmentId, answer(ledger, { enrolmentId, asOf, knownAt })] as const,
  );
  return new Map(answers.flatMap(([id, it]) => (it ? [[id, it] as const] : [])));
}
