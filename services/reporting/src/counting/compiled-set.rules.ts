import type { Activity, ClassifiedValue, Requirement, RequirementSet, Rule } from '@ateneo/contracts';
import type { Shape } from './shape.rules.js';

type Leaf = Exclude<Rule, { kind: 'track' } | { kind: 'all' }>;
export type DurationRule = Extract<Rule, { kind: 'duration' }>;
export type CompiledRequirement = {
  readonly index: number;
  readonly requirement: Requirement;
  /** the rule without its track */
  readonly rule: Rule;
  readonly track: string | undefined;
  /** the rules of an `all`, or the rule alone */
  readonly leaves: readonly Leaf[];
  /** the rule that says what counts; none where only time or words do */
  readonly counting: Leaf | undefined;
  readonly duration: DurationRule | undefined;
  /** components or items, by key */
  readonly parts: readonly string[];
  /** parent of a subset, and the derived totals that this one adds to */
  readonly parents: readonly number[];
};
/** A requirement that an entry reaches. `part`: component or item; `inPart`: per leaf, whether the part of a share takes it. */
export type Hit = { readonly requirement: number; readonly part: number; readonly inPart: readonly boolean[]; readonly via?: string };
/** `rotations`: all that a period is about, `durations`: those it counts in; `creditLands`: the tutor's decision of a cross credit leads to a requirement of this set. */
export type Route = {
  readonly hits: readonly Hit[];
  readonly durations: readonly number[];
  readonly rotations: readonly number[];
  readonly credits: readonly number[];
  readonly creditLands: boolean;
  readonly oddities: readonly Oddity[];
};
export type Oddity = { readonly code: 'share-unclassified' | 'simulated-not-allowed'; readonly requirementId: string };
export type CompiledSet = {
  readonly set: RequirementSet;
  readonly requirements: readonly CompiledRequirement[];
  readonly byId: ReadonlyMap<string, CompiledRequirement>;
  readonly activities: ReadonlyMap<string, Activity>;
  /** requirements whose last years ask for more; bit n of a window mask is the n-th of them */
  readonly windows: readonly { readonly requirement: number; readonly lastYears: number }[];
  readonly electives: readonly string[];
  /** Whether an activity leads to any requirement of this set. */
  knows(code: string): boolean;
  /** Where a shape leads, remembered; `windowMask` tells which year windows its day lies in. */
  route(shape: Shape, windowMask: number): Route;
};

const countsEntries = (leaf: Leaf): boolean => !['duration', 'credits', 'qualitative', 'cross_credit', 'sum_of'].includes(leaf.kind);
const withoutTrack = (rule: Rule): Rule => (rule.kind === 'track' ? withoutTrack(rule.rule) : rule);
const leavesOf = (rule: Rule): Leaf[] =>
  rule.kind === 'all' ? rule.rules.flatMap((it) => leavesOf(withoutTrack(it))) : [withoutTrack(rule) as Leaf];
const partKeys = (leaf: Leaf | undefined): string[] =>
  leaf?.kind === 'components' ? leaf.components.map((it) => it.key) : leaf?.kind === 'each_of' ? leaf.items.map((it) => it.key) : [];

const compileRequirement = (requirement: Requirement, index: number, all: readonly Requirement[]): CompiledRequirement => {
  const rule = withoutTrack(requirement.rule);
  const leaves = leavesOf(rule);
  const counting =
    leaves.find((it) => it.kind === 'components' || it.kind === 'each_of' || it.kind === 'share' || it.kind === 'year_window') ??
    leaves.find(countsEntries);
  const parentIds = [
    ...leaves.flatMap((it) => (it.kind === 'subset_of' ? [it.of] : [])),
    ...all
      .filter((it) => leavesOf(withoutTrack(it.rule)).some((leaf) => leaf.kind === 'sum_of' && leaf.of.includes(requirement.id)))
      .map((it) => it.id),
  ];
  return {
    index,
    requirement,
    rule,
    track: requirement.rule.kind === 'track' ? requirement.rule.track : undefined,
    leaves,
    counting,
    duration: leaves.find((it) => it.kind === 'duration'),
    parts: partKeys(counting),
    parents: [...new Set(parentIds)].map((id) => all.findIndex((it) => it.id === id)).filter((it) => it >= 0),
  };
};

const has = (shape: Shape, value: ClassifiedValue): boolean => shape.classified[value.axis] === value.value;
const isInPart = (leaf: Leaf, shape: Shape): boolean => {
  if (leaf.kind === 'share' || leaf.kind === 'sub_minimum') return has(shape, leaf.part);
  return leaf.kind === 'year_window' && has(shape, leaf.requires);
};
/** Whether the rule takes the entry into its total (`share` with a remainder, `year_window`). */
const isTaken = (leaf: Leaf, shape: Shape, inWindow: boolean): boolean => {
  if (leaf.kind === 'share' && leaf.remainder) return has(shape, leaf.part) || has(shape, leaf.remainder);
  return leaf.kind !== 'year_window' || !inWindow || has(shape, leaf.requires);
};
const isUnclassified = (leaf: Leaf, shape: Shape, inWindow: boolean): boolean => {
  if (leaf.kind === 'share' || leaf.kind === 'sub_minimum') return shape.classified[leaf.part.axis] === undefined;
  return leaf.kind === 'year_window' && inWindow && shape.classified[leaf.requires.axis] === undefined;
};

/** Follows one shape through the links of a set; each requirement is entered once, whatever paths lead there (counting.md 2, 7, 12, 21). */
class Routing {
  readonly #hits: (Hit & { via?: string })[] = [];
  readonly #durations = new Set<number>();
  readonly #rotations = new Set<number>();
  readonly #credits = new Set<number>();
  readonly #oddities: Oddity[] = [];
  readonly #entered = new Set<number>();

  constructor(
    private readonly set: CompiledSet,
    private readonly shape: Shape,
    private readonly windowMask: number,
  ) {}

  follow(): Route {
    let creditLands = false;
    for (const code of this.shape.activities) {
      const activity = this.set.activities.get(code);
      if (!activity) continue;
      if (activity.kind === 'rotation' || this.shape.period) this.#followPeriod(activity);
      else if (activity.kind === 'credits') this.#followCredits(activity);
      else {
        for (const feed of activity.feeds) this.#feed(feed.requirementId, feed.part);
        if (activity.kind === 'cross-credit') creditLands = this.#followCrossCredit(activity) || creditLands;
      }
    }
    return {
      hits: this.#hits,
      durations: [...this.#durations],
      rotations: [...this.#rotations],
      credits: [...this.#credits],
      creditLands,
      oddities: this.#oddities,
    };
  }

  #allowed(target: CompiledRequirement): boolean {
    if (!this.shape.simulated || target.requirement.simulationAllowed) return true;
    this.#oddities.push({ code: 'simulated-not-allowed', requirementId: target.requirement.id });
    for (const index of target.parents) {
      const parent = this.set.requirements[index] as CompiledRequirement;
      if (parent.rule.kind !== 'sum_of') this.#allowed(parent);
    }
    return false;
  }

  #followPeriod(activity: Activity): void {
    if (activity.kind !== 'rotation' || !this.shape.period) return;
    for (const { requirementId } of activity.feeds) {
      const target = this.set.byId.get(requirementId);
      if (!target?.duration) continue;
      this.#rotations.add(target.index);
      if (this.#allowed(target)) this.#durations.add(target.index);
    }
  }

  #followCredits(activity: Activity): void {
    for (const { requirementId } of activity.feeds) {
      const target = this.set.byId.get(requirementId);
      if (target?.rule.kind === 'credits' && this.#allowed(target)) this.#credits.add(target.index);
    }
  }

  /** True where the decision of the tutor leads to a requirement of this set. */
  #followCrossCredit(activity: Activity): boolean {
    let lands = false;
    for (const source of this.set.requirements) {
      const { rule } = source;
      if (
        rule.kind !== 'cross_credit' ||
        !(rule.from.key === activity.code || activity.feeds.some((it) => it.requirementId === source.requirement.id))
      )
        continue;
      this.#feed(source.requirement.id, undefined);
      const target = this.shape.creditedTo;
      if (target === null || !rule.to.includes(target) || !this.set.byId.has(target)) continue;
      lands = true;
      this.#feed(target, undefined, source.requirement.id);
    }
    return lands;
  }

  #feed(requirementId: string, part: string | undefined, via?: string): void {
    const target = this.set.byId.get(requirementId);
    if (!target || this.#entered.has(target.index)) return;
    if (target.rule.kind === 'cross_credit' ? !this.#isCrossCredit() : !target.counting) return;
    if (this.#allowed(target)) this.#enter(target, part, via);
  }

  #isCrossCredit(): boolean {
    return this.shape.activities.some((code) => this.set.activities.get(code)?.kind === 'cross-credit');
  }

  #enter(target: CompiledRequirement, part: string | undefined, via: string | undefined): void {
    const partIndex = part === undefined ? -1 : target.parts.indexOf(part);
    if (target.parts.length > 0 && partIndex < 0) return;
    const window = this.set.windows.findIndex((it) => it.requirement === target.index);
    const inWindow = window >= 0 && (this.windowMask & (1 << window)) !== 0;
    if (target.leaves.some((leaf) => isUnclassified(leaf, this.shape, inWindow)))
      this.#oddities.push({ code: 'share-unclassified', requirementId: target.requirement.id });
    if (target.counting && !isTaken(target.counting, this.shape, inWindow)) return;
    this.#take(
      target,
      partIndex,
      target.leaves.map((leaf) => isInPart(leaf, this.shape) && (leaf.kind !== 'year_window' || inWindow)),
      via,
    );
  }

  #take(target: CompiledRequirement, part: number, inPart: readonly boolean[], via: string | undefined): void {
    this.#entered.add(target.index);
    this.#hits.push({ requirement: target.index, part, inPart, ...(via === undefined ? {} : { via }) });
    for (const index of target.parents) {
      const parent = this.set.requirements[index] as CompiledRequirement;
      if (this.#entered.has(index)) continue;
      if (parent.rule.kind === 'sum_of') this.#take(parent, -1, [], target.requirement.id);
      else if (parent.counting && this.#allowed(parent)) this.#enter(parent, undefined, target.requirement.id);
    }
  }
}

/** Prepares a requirement set and the activities mapped to it; routes are found once per shape. */
export const compileSet = (set: RequirementSet, activities: Iterable<Activity>): CompiledSet => {
  const requirements = set.requirements.map(compileRequirement);
  const routes = new Map<number, Map<Shape, Route>>();
  const compiled: CompiledSet = {
    set,
    requirements,
    byId: new Map(requirements.map((it) => [it.requirement.id, it])),
    activities: new Map([...activities].map((it) => [it.code, it])),
    windows: requirements.flatMap((it) =>
      it.leaves.flatMap((leaf) => (leaf.kind === 'year_window' ? [{ requirement: it.index, lastYears: leaf.lastYears }] : [])),
    ),
    electives: (set.tracks ?? []).filter((it) => it.mode === 'elective').map((it) => it.key),
    knows: (code) => {
      const activity = compiled.activities.get(code);
      return (
        activity !== undefined &&
        (activity.feeds.some((it) => compiled.byId.has(it.requirementId)) ||
          requirements.some(({ rule }) => rule.kind === 'cross_credit' && rule.from.key === code))
      );
    },
    route(shape, windowMask) {
      let byShape = routes.get(windowMask);
      if (!byShape) routes.set(windowMask, (byShape = new Map()));
      let route = byShape.get(shape);
      if (!route) byShape.set(shape, (route = new Routing(compiled, shape, windowMask).follow()));
      return route;
    },
  };
  return compiled;
};
