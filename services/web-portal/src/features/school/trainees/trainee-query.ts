import type { InputOf, OutputOf } from '../../../api/client.js';
import { useAsk } from '../../../api/hooks.js';
import { useAddress } from '../../../shell/use-address.js';
import { useSchoolId } from '../school-of-page.js';

export type TraineeRow = OutputOf<'reporting.list-trainees'>['trainees'][number];
type Query = InputOf<'reporting.list-trainees'>;
const sorts = ['name', 'progress', 'submitted', 'cohort', 'last-entry'] as const;
type Sort = (typeof sorts)[number];
const isSort = (value: string): value is Sort => sorts.some((sort) => sort === value);

export const pageSize = 50;

/** What the address asks of the list of trainees. */
export const useTraineeQuery = (): Query & { sort: Sort; descending: boolean; page: number } => {
  const address = useAddress();
  const schoolId = useSchoolId();
  const sort = address.get('sort');
  return {
    schoolId,
    search: address.get('search').trim() || undefined,
    cohortId: address.get('cohort') || undefined,
    trainingYear: Number(address.get('year')) || undefined,
    waiting: address.get('only') === 'waiting' || undefined,
    suspended: address.get('only') === 'suspended' || undefined,
    sort: isSort(sort) ? sort : 'name',
    descending: address.get('order') === 'descending',
    page: address.page,
    size: pageSize,
  };
};
export const useTrainees = () => useAsk('reporting.list-trainees', useTraineeQuery());
