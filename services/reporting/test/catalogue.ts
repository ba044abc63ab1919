import { readFileSync } from 'node:fs';
import type { Activity, Localised, Requirement, RequirementSet, Rule } from '@ateneo/contracts';

type School = { code: string; schoolType: Localised; area: string; years: number; sets: RequirementSet[] };
const file = new URL('../../school-network/catalogues/requirement-sets.json', import.meta.url);
export const schools: School[] = JSON.parse(readFileSync(file, 'utf8')) as School[];
export const sets: RequirementSet[] = schools.flatMap((it) => it.sets);
export const setOf = (id: string): RequirementSet => {
  const set = sets.find((it) => it.id === id);
  if (!set) throw new Error(`no set ${id}`);
  return set;
};
export const courseYearsOf = (setId: string): number => schools.find((it) => it.sets.some((set) => set.id === setId))?.years ?? 5;

const leavesOf = (rule: Rule): Rule[] =>
  rule.kind === 'track' ? leavesOf(rule.rule) : rule.kind === 'all' ? rule.rules.flatMap(leavesOf) : [rule];
const derived = (set: RequirementSet, requirement: Requirement): Activity[] => {
  const activity = (code: string, kind: Activity['kind'], part?: string): Activity => ({
    code,
    setId: set.id,
    label: requirement.label,
    kind,
    feeds: [{ requirementId: requirement.id, part }],
    unit: requirement.unit,
    bulk: false,
    requires: [],
    simulationAllowed: requirement.simulationAllowed ?? false,
  });
  const leaves = leavesOf(requirement.rule);
  const rotation = leaves.some((it) => it.kind === 'duration') ? [activity(`${requirement.id}/rotation`, 'rotation')] : [];
  for (const leaf of leaves) {
    if (leaf.kind === 'components')
      return [...leaf.components.map((it) => activity(`${requirement.id}/${it.key}`, 'act', it.key)), ...rotation];
    if (leaf.kind === 'each_of') return [...leaf.items.map((it) => activity(`${requirement.id}/${it.key}`, 'act', it.key)), ...rotation];
    if (leaf.kind === 'cross_credit') return [activity(leaf.from.key, 'cross-credit')];
    if (leaf.kind === 'credits') return [activity(requirement.id, 'credits')];
    if (leaf.kind === 'qualitative' || leaf.kind === 'sum_of') return [];
  }
  return leaves.every((it) => it.kind === 'duration') ? rotation : [activity(requirement.id, 'act'), ...rotation];
};
/** The activities that the school network publishes with a set. */
export const activitiesOf = (set: RequirementSet): Activity[] => set.requirements.flatMap((it) => derived(set, it));
