import { type DataOf, schoolNetworkEvents } from '@ateneo/contracts';
import { on } from '@ateneo/event-sourcing';
import { type CollectionSpec, documentsOf, projection } from '@ateneo/read-models';

const { cohortBoundToRequirementSet, cohortOpened, requirementSetPublished, schoolOpened } = schoolNetworkEvents;

export type KnownSchool = { readonly courseYears: number };
export type KnownSet = { readonly tracks: readonly string[]; readonly requirements: readonly string[] };
export type KnownCohort = { readonly schoolId: string; readonly coreSetId: string; readonly setIds: readonly string[] };

export const schools: CollectionSpec<KnownSchool> = { name: 'schools', version: 1, columns: {} };
export const sets: CollectionSpec<KnownSet> = { name: 'sets', version: 1, columns: {} };
export const cohorts: CollectionSpec<KnownCohort> = { name: 'cohorts', version: 1, columns: {} };

const knownSet = ({ set }: DataOf<typeof requirementSetPublished>): KnownSet => ({
  tracks: (set.tracks ?? []).filter(({ mode }) => mode === 'elective').map(({ key }) => key),
  requirements: set.requirements.map(({ id }) => id),
});

type Bound = DataOf<typeof cohortBoundToRequirementSet>;
const knownCohort = (schoolId: string, { coreSetId, supplementSetIds }: Omit<Bound, 'cohortId'>): KnownCohort => ({
  schoolId,
  coreSetId,
  setIds: [coreSetId, ...supplementSetIds],
});

/** What career must know of school-network: years of a course, cohorts, tracks and requirements of their sets. */
export const known = projection({
  name: 'known',
  version: 1,
  parts: [
    documentsOf(schools, { by: 'schoolId', on: on(schoolOpened, ({ data }) => ({ courseYears: data.years })) }),
    documentsOf(sets, { by: 'setId', on: on(requirementSetPublished, ({ data }) => knownSet(data)) }),
    documentsOf(cohorts, {
      by: 'cohortId',
      on: [
        on(cohortOpened, ({ data }) => knownCohort(data.schoolId, data)),
        on(cohortBoundToRequirementSet, ({ data }, before) => before && knownCohort(before.schoolId, data)),
      ],
    }),
  ],
});
