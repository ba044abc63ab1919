import type { Requirement, RequirementSet, Rule } from '@ateneo/contracts';

/** What is wrong, of which requirement, under the name of the check (catalogue README 1.4). */
export type Inconsistency = { readonly requirementId: string | null; readonly rule: string };

const ceilDiv = (a: number, b: number): number => Math.floor((a + b - 1) / b);
const repeated = (values: readonly string[]): boolean => new Set(values).size !== values.length;
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** The headline that the rule implies; null where it has none, undefined where it needs the other requirements. */
function headlineOf(rule: Rule): number | null | undefined {
  switch (rule.kind) {
    case 'components':
      return sum(rule.components.map(({ minimum }) => minimum));
    case 'each_of':
      return rule.minimumEach;
    case 'duration':
      return rule.minimum ?? (rule.minimumPerYear ?? 0) * (rule.years ?? 0);
    case 'all': {
      const [first] = [...rule.rules.filter(({ kind }) => kind !== 'duration'), ...rule.rules];
      return first && headlineOf(first);
    }
    case 'track':
      return headlineOf(rule.rule);
    case 'sum_of':
      return undefined;
    case 'cross_credit':
    case 'qualitative':
      return null;
    default:
      return rule.minimum;
  }
}

function refuseShare({ minimum, percent, fraction, partMinimum }: Extract<Rule, { kind: 'share' }>): string | undefined {
  if ((percent === undefined) === (fraction === undefined)) return 'share-percent-or-fraction';
  if (fraction && (fraction.denominator < 1 || fraction.numerator < 1 || fraction.numerator > fraction.denominator))
    return 'share-fraction';
  const due = fraction ? ceilDiv(minimum * fraction.numerator, fraction.denominator) : ceilDiv(minimum * (percent ?? 0), 100);
  return partMinimum === due && partMinimum <= minimum ? undefined : 'share-part-minimum';
}

/** Checks that one rule answers by itself. */
function refuseRule(rule: Rule): string | undefined {
  switch (rule.kind) {
    case 'share':
      return refuseShare(rule);
    case 'sub_minimum':
      return rule.partMinimum >= 1 && rule.partMinimum <= rule.minimum ? undefined : 'sub-minimum-part';
    case 'components':
      return rule.components.length === 0 || repeated(rule.components.map(({ key }) => key)) ? 'component-keys' : undefined;
    case 'each_of':
      return rule.items.length === 0 || repeated(rule.items.map(({ key }) => key)) ? 'item-keys' : undefined;
    case 'duration':
      return [rule.minimum === undefined, rule.minimumPerYear !== undefined, rule.years !== undefined].every(
        (one, _i, [first]) => one === first,
      )
        ? undefined
        : 'duration-total-or-per-year';
    case 'all':
      return rule.rules.length < 2 || rule.rules.some(({ kind }) => kind === 'all' || kind === 'track') ? 'all-of-plain-rules' : undefined;
    case 'track':
      return rule.rule.kind === 'track' ? 'track-inside-track' : undefined;
    default:
      return undefined;
  }
}

const within = (rule: Rule): Rule[] => [
  rule,
  ...(rule.kind === 'track' ? within(rule.rule) : rule.kind === 'all' ? rule.rules.flatMap(within) : []),
];

/** Checks between a requirement and the others of its set. */
function refuseReferences(requirement: Requirement, rule: Rule, byId: ReadonlyMap<string, Requirement>): string | undefined {
  if (rule.kind === 'subset_of')
    return !byId.has(rule.of) ? 'subset-of-unknown' : requirement.parent === rule.of ? undefined : 'subset-of-parent';
  if (rule.kind === 'cross_credit')
    return rule.to.length > 0 && rule.to.every((id) => byId.has(id)) ? undefined : 'cross-credit-target-unknown';
  if (rule.kind !== 'sum_of') return undefined;
  const addends = rule.of.map((id) => byId.get(id));
  if (addends.length === 0 || repeated(rule.of) || addends.some((one) => one === undefined)) return 'sum-of-unknown';
  if (addends.some((one) => one?.parent !== requirement.id)) return 'sum-of-parent';
  return sum(addends.map((one) => one?.minimum ?? 0)) === requirement.minimum ? undefined : 'sum-of-headline';
}

function hasParentRing(requirement: Requirement, byId: ReadonlyMap<string, Requirement>): boolean {
  const seen = new Set([requirement.id]);
  for (let { parent } = requirement; parent !== undefined; parent = byId.get(parent)?.parent) {
    if (seen.has(parent)) return true;
    seen.add(parent);
  }
  return false;
}

function ofRequirement(requirement: Requirement, set: RequirementSet, byId: ReadonlyMap<string, Requirement>): string[] {
  const { minimum, parent, networkVolume, rule } = requirement;
  const rules = within(rule);
  const wrong = rules.flatMap((one) => [refuseRule(one), refuseReferences(requirement, one, byId)]);
  const headline = headlineOf(rule);
  if (headline !== undefined && headline !== minimum) wrong.push('headline');
  if (parent !== undefined && !byId.has(parent)) wrong.push('parent-unknown');
  else if (hasParentRing(requirement, byId)) wrong.push('parent-ring');
  if (rules.some((one) => one.kind === 'track' && !set.tracks?.some(({ key }) => key === one.track))) wrong.push('track-undeclared');
  if (networkVolume && networkVolume.schoolActivation !== 5 * networkVolume.oneTraineePerYear) wrong.push('network-volume');
  return wrong.filter((one) => one !== undefined);
}

/** Everything in a set that contradicts itself; empty: the set may be published. */
export function inconsistencies(set: RequirementSet): Inconsistency[] {
  const { requirements, tracks = [] } = set;
  const byId = new Map(requirements.map((one) => [one.id, one]));
  if (requirements.length === 0) return [{ requirementId: null, rule: 'no-requirements' }];
  const wrong: Inconsistency[] = requirements.flatMap((one) =>
    ofRequirement(one, set, byId).map((rule) => ({ requirementId: one.id, rule })),
  );
  const ids = requirements.map(({ id }) => id);
  for (const id of new Set(ids.filter((one, i) => ids.indexOf(one) !== i))) wrong.push({ requirementId: id, rule: 'requirement-id-twice' });
  if (repeated(tracks.map(({ key }) => key))) wrong.push({ requirementId: null, rule: 'track-twice' });
  const used = new Set(requirements.flatMap(({ rule }) => within(rule).flatMap((one) => (one.kind === 'track' ? [one.track] : []))));
  if (tracks.some(({ key }) => !used.has(key))) wrong.push({ requirementId: null, rule: 'track-unused' });
  return wrong;
}
