import type { Activity } from '@ateneo/contracts';
import { useQueries } from '@tanstack/react-query';
import { call } from '../../../api/client.js';
import { useLanguage } from '../../../i18n/language.js';
import type { EntryView } from '../../logbook/entry-words.js';

/** What the validator certifies, as the form holds it: empty where the claim stands. */
export type Decision = { autonomy: string | null; classified: Readonly<Record<string, string>>; creditedTo: string | null };
export const claimOf = ({ autonomy, classified }: EntryView): Decision => ({
  autonomy,
  classified: classified as Readonly<Record<string, string>>,
  creditedTo: null,
});

export const corrects = (entry: EntryView, { autonomy, classified }: Decision): boolean => {
  const claimed = entry.classified as Readonly<Record<string, string>>;
  return autonomy !== entry.autonomy || Object.entries(classified).some(([axis, value]) => claimed[axis] !== value);
};

export type CreditTarget = { value: string; label: string };
const longLived = 10 * 60_000;

/** The requirements that an activity with a cross credit may be credited to (counting.md 12). */
export const useCreditTargets = (activities: readonly Activity[]): CreditTarget[] => {
  const { format } = useLanguage();
  const crossed = activities.filter(({ kind }) => kind === 'cross-credit');
  const setIds = [...new Set(crossed.map(({ setId }) => setId))];
  return useQueries({
    queries: setIds.map((setId) => ({
      queryKey: ['school-network.show-requirement-set', { setId }],
      queryFn: () => call('school-network.show-requirement-set', { setId }),
      staleTime: longLived,
    })),
    combine: (answers) => {
      const requirements = answers.flatMap(({ data }) => data?.set.requirements ?? []);
      const fed = new Set(crossed.flatMap(({ feeds }) => feeds.map(({ requirementId }) => requirementId)));
      const targets = requirements.flatMap(({ id, rule }) => (fed.has(id) && rule.kind === 'cross_credit' ? rule.to : []));
      return requirements.filter(({ id }) => targets.includes(id)).map(({ id, label }) => ({ value: id, label: format.local(label) }));
    },
  });
};
