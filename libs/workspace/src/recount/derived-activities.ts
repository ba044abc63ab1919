/** The activities that a requirement set gives by itself (counting.md 21), derived naively: the test's own reading of the catalogue README §1. */

export type Label = { it: string; en: string };
export type CatalogueValue = { axis: string; value: string; label: Label };
export type CatalogueItem = { key: string; label: Label };
/** A rule of the catalogue, of any kind: whichever fields its kind has. */
export type CatalogueRule = {
  kind: string;
  rule?: CatalogueRule;
  rules?: CatalogueRule[];
  components?: CatalogueItem[];
  items?: CatalogueItem[];
  part?: CatalogueValue;
  remainder?: CatalogueValue;
  requires?: CatalogueValue;
  from?: CatalogueItem;
  to?: string[];
  of?: string | string[];
};
export type CatalogueRequirement = {
  id: string;
  label: Label;
  unit: string;
  minimum: number | null;
  rule: CatalogueRule;
  simulationAllowed?: boolean;
};
export type CatalogueSet = {
  id: string;
  mode: 'core' | 'supplement';
  tracks?: { key: string; mode: 'common' | 'elective' }[];
  requirements: CatalogueRequirement[];
};
export type CatalogueSchool = { code: string; schoolType: Label; area: string; years: number; sets: CatalogueSet[] };
export type DerivedActivity = {
  code: string;
  setId: string;
  label: Label;
  kind: 'act' | 'rotation' | 'credits' | 'cross-credit';
  feeds: { requirementId: string; part?: string }[];
  unit: string;
  bulk: boolean;
  requires: { axis: string; values: { value: string; label: Label }[] }[];
  simulationAllowed: boolean;
  track?: string;
};

const UNCOUNTED = ['sum_of', 'qualitative', 'duration', 'credits', 'cross_credit'];
const BULK_FROM = 100;

/** The rules that a rule consists of, without the ones that only wrap others. */
export const plainRulesOf = (rule: CatalogueRule): CatalogueRule[] =>
  rule.rule ? plainRulesOf(rule.rule) : rule.rules ? rule.rules.flatMap(plainRulesOf) : [rule];

function fieldsAskedBy(rules: readonly CatalogueRule[]): DerivedActivity['requires'] {
  const values = rules.flatMap((it) => [it.part, it.remainder, it.requires]).filter((it) => it !== undefined);
  return [...new Set(values.map((it) => it.axis))].map((axis) => ({
    axis,
    values: values.filter((it) => it.axis === axis).map(({ value, label }) => ({ value, label })),
  }));
}

function ofRequirement(set: CatalogueSet, requirement: CatalogueRequirement): DerivedActivity[] {
  const { id, label, unit, rule } = requirement;
  const rules = plainRulesOf(rule);
  const shared = {
    ...{ setId: set.id, label, unit, bulk: (requirement.minimum ?? 0) >= BULK_FROM, requires: fieldsAskedBy(rules) },
    ...{
      simulationAllowed: requirement.simulationAllowed ?? false,
      ...(rule.kind === 'track' && { track: (rule as { track?: string }).track }),
    },
  };
  const items = rules.flatMap((it) => it.components ?? it.items ?? []);
  const crossing = rules.find((it) => it.kind === 'cross_credit');
  const targets = set.requirements.filter((it) => crossing?.to?.includes(it.id)).flatMap((it) => plainRulesOf(it.rule));
  const found: DerivedActivity[] = [];
  if (items.length > 0)
    found.push(
      ...items.map((it) => ({
        ...shared,
        code: `${id}/${it.key}`,
        label: it.label,
        kind: 'act' as const,
        feeds: [{ requirementId: id, part: it.key }],
      })),
    );
  else if (rules.some((it) => !UNCOUNTED.includes(it.kind)))
    found.push({ ...shared, code: id, kind: 'act', feeds: [{ requirementId: id }] });
  if (rules.some((it) => it.kind === 'duration'))
    found.push({ ...shared, code: `${id}/rotation`, kind: 'rotation', feeds: [{ requirementId: id }], bulk: false, requires: [] });
  if (rules.some((it) => it.kind === 'credits')) found.push({ ...shared, code: id, kind: 'credits', feeds: [{ requirementId: id }] });
  if (crossing?.from)
    found.push({
      ...shared,
      code: crossing.from.key,
      label: crossing.from.label,
      kind: 'cross-credit',
      feeds: [{ requirementId: id }],
      requires: fieldsAskedBy(targets),
    });
  return found;
}

export const derivedActivities = (set: CatalogueSet): DerivedActivity[] => set.requirements.flatMap((it) => ofRequirement(set, it));
