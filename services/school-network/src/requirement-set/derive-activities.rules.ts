import type { Activity, ClassifiedValue, Requirement, RequirementSet, Rule } from '@ateneo/contracts';

/** Units that are counted in bulk: the form offers a quantity (catalogue README 1.1). */
const BULK: ReadonlySet<string> = new Set(['examinations', 'patients', 'cases', 'visits', 'documents', 'consultations', 'studies']);

type Leaf = Exclude<Rule, { kind: 'all' } | { kind: 'track' }>;
type Part = { readonly key: string; readonly label: Activity['label'] };

const leavesOf = (rule: Rule): Leaf[] =>
  rule.kind === 'track' ? leavesOf(rule.rule) : rule.kind === 'all' ? rule.rules.flatMap(leavesOf) : [rule];
const trackOf = ({ rule }: Requirement): { track?: string } => (rule.kind === 'track' ? { track: rule.track } : {});

/** Values that the rules know of an axis, part before remainder. */
function statedValues(leaf: Leaf): ClassifiedValue[] {
  if (leaf.kind === 'share') return leaf.remainder ? [leaf.part, leaf.remainder] : [leaf.part];
  if (leaf.kind === 'sub_minimum') return [leaf.part];
  return leaf.kind === 'year_window' ? [leaf.requires] : [];
}

function requiresOf(leaves: readonly Leaf[]): Activity['requires'] {
  const byAxis = Map.groupBy(leaves.flatMap(statedValues), ({ axis }) => axis);
  return [...byAxis].map(([axis, known]) => ({
    axis,
    values: [...new Map(known.map(({ value, label }) => [value, { value, label }])).values()],
  }));
}

const ofPart = ({ label }: Requirement, part: Part): Activity['label'] => ({
  it: `${label.it}: ${part.label.it}`,
  en: `${label.en}: ${part.label.en}`,
});

function derive(set: RequirementSet, requirement: Requirement): Activity[] {
  const { id, label, unit, simulationAllowed = false } = requirement;
  const leaves = leavesOf(requirement.rule);
  const plain: Omit<Activity, 'code' | 'kind'> = {
    setId: set.id,
    label,
    feeds: [{ requirementId: id }],
    unit,
    bulk: BULK.has(unit),
    requires: requiresOf(leaves),
    simulationAllowed,
    ...trackOf(requirement),
  };
  const duration = leaves.find((leaf) => leaf.kind === 'duration');
  const rotation: Activity[] = duration
    ? [{ ...plain, code: `${id}/rotation`, kind: 'rotation', unit: duration.unit, bulk: false, requires: [], simulationAllowed: false }]
    : [];
  const ofParts = (parts: readonly Part[]): Activity[] =>
    parts.map((part) => ({
      ...plain,
      code: `${id}/${part.key}`,
      kind: 'act',
      label: ofPart(requirement, part),
      feeds: [{ requirementId: id, part: part.key }],
    }));
  const counting = leaves.find((leaf) => leaf.kind !== 'duration');
  switch (counting?.kind) {
    case undefined:
    case 'sum_of':
    case 'qualitative':
      return rotation;
    case 'components':
      return [...ofParts(counting.components), ...rotation];
    case 'each_of':
      return [...ofParts(counting.items), ...rotation];
    case 'cross_credit':
      return [{ ...plain, code: counting.from.key, kind: 'cross-credit', label: counting.from.label }, ...rotation];
    case 'credits':
      return [{ ...plain, code: id, kind: 'credits', bulk: false }, ...rotation];
    default:
      return [{ ...plain, code: id, kind: 'act' }, ...rotation];
  }
}

/** The default catalogue of a set: one activity per countable requirement, component or item, one rotation per duration rule (counting.md 8, 21). */
export const deriveActivities = (set: RequirementSet): Activity[] => set.requirements.flatMap((requirement) => derive(set, requirement));
