import type { Activity } from '@ateneo/contracts';
import { useQueries } from '@tanstack/react-query';
import { useMemo } from 'react';
import { call } from '../../api/client.js';
import { useLanguage } from '../../i18n/language.js';

const longLived = 10 * 60_000;

/** What the activities of a school are called and what they lead to, whatever the cohort that logged them. */
export type Activities = { byCode: ReadonlyMap<string, Activity>; nameOf: (codes: readonly string[]) => string };

/** Cohorts under the same sets have the same activities; one of each is asked. */
const differing = (cohorts: readonly { cohortId: string; coreSetId: string; supplementSetIds: readonly string[] }[]): string[] => {
  const bySets = new Map(
    cohorts.map(({ cohortId, coreSetId, supplementSetIds }) => [[coreSetId, ...supplementSetIds].join(' '), cohortId]),
  );
  return [...bySets.values()];
};

/** Activities of the schools given; names fall back to the code while they load. */
export const useActivities = (schoolIds: readonly string[]): Activities => {
  const { format } = useLanguage();
  const cohortIds = useQueries({
    queries: schoolIds.map((schoolId) => ({
      queryKey: ['school-network.show-school', { schoolId }],
      queryFn: () => call('school-network.show-school', { schoolId }),
      staleTime: longLived,
    })),
    combine: (answers) => answers.flatMap(({ data }) => differing(data?.cohorts ?? [])),
  });
  const activities = useQueries({
    queries: cohortIds.map((cohortId) => ({
      queryKey: ['school-network.list-activities', { cohortId }],
      queryFn: () => call('school-network.list-activities', { cohortId }),
      staleTime: longLived,
    })),
    combine: (answers) => answers.flatMap(({ data }) => data?.activities ?? []),
  });
  return useMemo(() => {
    const byCode = new Map(activities.map((activity) => [activity.code, activity]));
    const name = (code: string): string => {
      const activity = byCode.get(code);
      return activity ? format.local(activity.label) : code;
    };
    return { byCode, nameOf: (codes) => codes.map(name).join(' + ') };
  }, [activities, format]);
};
