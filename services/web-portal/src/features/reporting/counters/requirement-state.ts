import type { BadgeLook, IconName } from '@ateneo/ui';
import type { OutputOf } from '../../../api/client.js';

export type Counters = OutputOf<'reporting.show-counters'>;
export type SetCounter = Counters['sets'][number];
export type Requirement = SetCounter['requirements'][number];

/** Share of the contract that has gone by, 0 to 1; undefined when the contract is not known. */
export type Elapsed = number | undefined;
export const elapsedShare = (from: string, to: string, today: string): number => {
  const [start, end, now] = [from, to, today].map((day) => Date.parse(`${day}T00:00:00Z`)) as [number, number, number];
  return Math.min(1, Math.max(0, (now - start) / (end - start)));
};

export type StateWords =
  | {
      key:
        | 'counter.not-applicable'
        | 'counter.attested'
        | 'counter.to-attest'
        | 'counter.met'
        | 'counter.met-provisionally'
        | 'counter.on-pace'
        | 'counter.cross-credit'
        | 'counter.no-minimum';
    }
  | { key: 'counter.behind' | 'counter.missing'; n: number }
  | { key: 'counter.part-missing'; part: { it: string; en: string }; n: number };
export type RequirementState = { words: StateWords; look: BadgeLook; icon: IconName };

const state = (words: StateWords, look: BadgeLook, icon: IconName): RequirementState => ({ words, look, icon });

/** In tenths, as the numbers are. */
const lacking = ({ number, minimum }: { number: number; minimum: number }): number => Math.max(0, Math.round((minimum - number) * 10) / 10);

/** Where a requirement stands, in words: a met total never hides a part that is missing, and the pace is that of the contract. */
export const requirementState = (requirement: Requirement, elapsed: Elapsed): RequirementState => {
  const { definitive, provisional, kind, applicable } = requirement;
  const { minimum, number } = provisional;
  if (!applicable) return state({ key: 'counter.not-applicable' }, 'neutral', 'close');
  if (kind === 'qualitative')
    return definitive.met
      ? state({ key: 'counter.attested' }, 'positive', 'check')
      : state({ key: 'counter.to-attest' }, 'caution', 'edit');
  if (kind === 'cross_credit') return state({ key: 'counter.cross-credit' }, 'neutral', 'info');
  if (definitive.met) return state({ key: 'counter.met' }, 'positive', 'check');
  if (provisional.met) return state({ key: 'counter.met-provisionally' }, 'info', 'clock');
  if (minimum === null || minimum === 0) return state({ key: 'counter.no-minimum' }, 'neutral', 'info');
  const [failing] = provisional.failing;
  if (number >= minimum && failing)
    return state({ key: 'counter.part-missing', part: failing.label, n: lacking(failing) }, 'caution', 'warning');
  if (elapsed === undefined) return state({ key: 'counter.missing', n: lacking({ number, minimum }) }, 'neutral', 'clock');
  const reached = provisional.progress ? (provisional.progress.numerator / provisional.progress.denominator) * minimum : number;
  const behind = Math.floor(minimum * elapsed) - Math.floor(reached);
  return behind <= 0
    ? state({ key: 'counter.on-pace' }, 'info', 'check')
    : state({ key: 'counter.behind', n: behind }, 'caution', 'warning');
};

/** Each total followed by the requirements that lead to it. */
export const inFamilies = (requirements: readonly Requirement[]): readonly Requirement[] => {
  const listed = new Set(requirements.map(({ requirementId }) => requirementId));
  const top = requirements.filter(({ parent }) => parent === undefined || !listed.has(parent));
  const family = (requirement: Requirement): Requirement[] => [
    requirement,
    ...requirements.filter(({ parent }) => parent === requirement.requirementId).flatMap(family),
  ];
  return top.flatMap(family);
};

/** Length of a bar: the exact progress, 1 = the rule is met. */
export const barOf = ({ progress }: Requirement['definitive']): number => (progress ? progress.numerator / progress.denominator : 0);
