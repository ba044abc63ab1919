import type { DataOf, schoolNetworkEvents } from '@ateneo/contracts';
import type { CollectionSpec, Projection } from '@ateneo/read-models';

type Events = typeof schoolNetworkEvents;
export type KnownSchool = { readonly courseYears: number };
export type KnownSet = { readonly tracks: readonly string[]; readonly requirements: readonly string[] };
export type KnownCohort = { readonly schoolId: string; readonly coreSetId: string; readonly setIds: readonly string[] };

export const schools: CollectionSpec<KnownSchool> = { name: 'schools', version: 1, columns: {} };
export const sets: CollectionSpec<KnownSet> = { name: 'sets', version: 1, columns: {} };
export const cohorts: CollectionSpec<KnownCohort> = { name: 'cohorts', version: 1, columns: {} };

const knownSet = ({ set }: DataOf<Events['requirementSetPublished']>): KnownSet => ({
  tracks: (set.tracks ?? []).filter(({ mode }) => mode === 'elective').map(({ key }) => key),
  requirements: set.requirements.map(({ id }) => id),
});

/** What career must know of school-network: years of a course, cohorts, tracks and requirements of their sets. */
export const known: Projection = {
  name: 'known',
  version: 1,
  collections: [schools, sets, cohorts],
  public: [
    'school-network.school-opened.v1',
    'school-network.requirement-set-published.v1',
    'school-network.cohort-opened.v1',
    'school-network.cohort-bound-to-requirement-set.v1',
  ],
  keys({ type, data }) {
    if (type === 'school-network.school-opened.v1') return [[schools.name, data.schoolId as string]];
    return [
      type === 'school-network.requirement-set-published.v1' ? [sets.name, data.setId as string] : [cohorts.name, data.cohortId as string],
    ];
  },
  apply({ type, data }, documents) {
    if (type === 'school-network.school-opened.v1') {
      const { schoolId, years } = data as DataOf<Events['schoolOpened']>;
      return documents.put(schools.name, schoolId, { courseYears: years } satisfies KnownSchool);
    }
    if (type === 'school-network.requirement-set-published.v1')
      return documents.put(sets.name, data.setId as string, knownSet(data as DataOf<Events['requirementSetPublished']>));
    const { cohortId, coreSetId, supplementSetIds } = data as DataOf<Events['cohortBoundToRequirementSet']>;
    const schoolId =
      type === 'school-network.cohort-opened.v1'
        ? (data as DataOf<Events['cohortOpened']>).schoolId
        : documents.get<KnownCohort>(cohorts.name, cohortId)?.schoolId;
    if (schoolId !== undefined)
      documents.put(cohorts.name, cohortId, { schoolId, coreSetId, setIds: [coreSetId, ...supplementSetIds] } satisfies KnownCohort);
  },
};
