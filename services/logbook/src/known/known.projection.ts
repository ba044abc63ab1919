import type { Activity, careerEvents, DataOf, schoolNetworkEvents } from '@ateneo/contracts';
import type { CollectionSpec, Documents, ProjectedEvent, Projection } from '@ateneo/read-models';

export type KnownSet = {
  readonly setId: string;
  readonly activities: readonly Activity[];
  readonly qualitative: readonly string[];
  readonly credits: Readonly<Record<string, readonly string[]>>;
  readonly tracks: readonly string[];
};
export type KnownSchool = {
  readonly schoolId: string;
  readonly code: string;
  readonly units: readonly string[];
  readonly activities: readonly Activity[];
  readonly windows: readonly { readonly windowId: string; readonly from: string; readonly to: string }[];
};
export type KnownCohort = { readonly cohortId: string; readonly schoolId: string; readonly setIds: readonly string[] };
export type KnownEnrolment = {
  readonly enrolmentId: string;
  readonly traineeId: string;
  readonly schoolId: string;
  readonly cohortId: string;
  readonly contract: { readonly from: string; readonly to: string | null };
  readonly suspensions: readonly { readonly suspensionId: string; readonly from: string; readonly to: string | null }[];
};

type Of<K extends keyof typeof schoolNetworkEvents> = (typeof schoolNetworkEvents)[K] extends infer S ? DataOf<S> : never;
type OfCareer<K extends keyof typeof careerEvents> = (typeof careerEvents)[K] extends infer S ? DataOf<S> : never;

export const sets: CollectionSpec<KnownSet> = { name: 'sets', version: 1, columns: {} };
export const schools: CollectionSpec<KnownSchool> = { name: 'schools', version: 1, columns: {} };
export const cohorts: CollectionSpec<KnownCohort> = { name: 'cohorts', version: 1, columns: { schoolId: ({ schoolId }) => schoolId } };
export const enrolments: CollectionSpec<KnownEnrolment> = {
  name: 'enrolments',
  version: 1,
  columns: { traineeId: ({ traineeId }) => traineeId, schoolId: ({ schoolId }) => schoolId },
  indexes: [['traineeId'], ['schoolId']],
};
export const scale: CollectionSpec<Of<'autonomyScaleDefined'>> = { name: 'scale', version: 1, columns: {} };

type Change = { readonly collection: string; readonly id: string; readonly evolve: (before: never, data: never) => unknown };
const change =
  <D, E>(collection: string, id: (data: E) => string, evolve: (before: D | undefined, data: E) => D | undefined) =>
  (data: unknown): Change => ({ collection, id: id(data as E), evolve: evolve as never });

const school = (evolve: (before: KnownSchool, data: never) => KnownSchool) =>
  change<KnownSchool, { schoolId: string }>(
    'schools',
    ({ schoolId }) => schoolId,
    (before, data) => evolve(before ?? { schoolId: data.schoolId, code: '', units: [], activities: [], windows: [] }, data as never),
  );
const enrolment = <E extends { enrolmentId: string }>(evolve: (before: KnownEnrolment, data: E) => KnownEnrolment) =>
  change<KnownEnrolment, E>(
    'enrolments',
    ({ enrolmentId }) => enrolmentId,
    (before, data) => before && evolve(before, data),
  );

const withSuspension = (
  known: KnownEnrolment,
  suspensionId: string,
  period: { from: string; to: string | null } | undefined,
): KnownEnrolment => {
  const others = known.suspensions.filter((one) => one.suspensionId !== suspensionId);
  return { ...known, suspensions: period ? [...others, { suspensionId, ...period }] : others };
};

const CHANGES: Readonly<Record<string, (data: unknown) => Change>> = {
  'school-network.requirement-set-published.v1': change<KnownSet, Of<'requirementSetPublished'>>(
    'sets',
    ({ setId }) => setId,
    (_before, { setId, set, activities }) => ({
      setId,
      activities,
      qualitative: set.requirements
        .filter(({ rule }) => rule.kind === 'qualitative' || (rule.kind === 'track' && rule.rule.kind === 'qualitative'))
        .map(({ id }) => id),
      credits: Object.fromEntries(
        set.requirements.flatMap(({ id, rule }) => (rule.kind === 'cross_credit' ? [[id, rule.to] as const] : [])),
      ),
      tracks: (set.tracks ?? []).filter(({ mode }) => mode === 'elective').map(({ key }) => key),
    }),
  ),
  'school-network.school-opened.v1': school((before, { code }: Of<'schoolOpened'>) => ({ ...before, code })),
  'school-network.unit-added-to-network.v1': school((before, { unitId }: Of<'unitAddedToNetwork'>) => ({
    ...before,
    units: [...new Set([...before.units, unitId])],
  })),
  'school-network.unit-removed-from-network.v1': school((before, { unitId }: Of<'unitRemovedFromNetwork'>) => ({
    ...before,
    units: before.units.filter((one) => one !== unitId),
  })),
  'school-network.activity-added.v1': school((before, { activity }: Of<'activityAdded'>) => ({
    ...before,
    activities: [...before.activities.filter(({ code }) => code !== activity.code), activity],
  })),
  'school-network.import-window-opened.v1': school((before, { windowId, from, to }: Of<'importWindowOpened'>) => ({
    ...before,
    windows: [...before.windows, { windowId, from, to }],
  })),
  'school-network.import-window-closed.v1': school((before, { windowId, to }: Of<'importWindowClosed'>) => ({
    ...before,
    windows: before.windows.map((one) => (one.windowId === windowId ? { ...one, to } : one)),
  })),
  'school-network.cohort-opened.v1': change<KnownCohort, Of<'cohortOpened'>>(
    'cohorts',
    ({ cohortId }) => cohortId,
    (_before, { cohortId, schoolId, coreSetId, supplementSetIds }) => ({ cohortId, schoolId, setIds: [coreSetId, ...supplementSetIds] }),
  ),
  'school-network.cohort-bound-to-requirement-set.v1': change<KnownCohort, Of<'cohortBoundToRequirementSet'>>(
    'cohorts',
    ({ cohortId }) => cohortId,
    (before, { coreSetId, supplementSetIds }) => before && { ...before, setIds: [coreSetId, ...supplementSetIds] },
  ),
  'school-network.autonomy-scale-defined.v1': change(
    'scale',
    () => 'scale',
    (_before, data) => data,
  ),
  'career.trainee-enrolled.v1': change<KnownEnrolment, OfCareer<'traineeEnrolled'>>(
    'enrolments',
    ({ enrolmentId }) => enrolmentId,
    (_before, { enrolmentId, traineeId, schoolId, cohortId, contractStart }) => ({
      enrolmentId,
      traineeId,
      schoolId,
      cohortId,
      contract: { from: contractStart, to: null },
      suspensions: [],
    }),
  ),
  'career.trainee-moved-to-cohort.v1': enrolment<OfCareer<'traineeMovedToCohort'>>((before, { cohortId }) => ({ ...before, cohortId })),
  'career.training-years-dated.v1': enrolment<OfCareer<'trainingYearsDated'>>((before, { years }) => ({
    ...before,
    contract: { ...before.contract, to: years.at(-1)?.to ?? null },
  })),
  'career.contract-ended.v1': enrolment<OfCareer<'contractEnded'>>((before, { on }) => ({
    ...before,
    contract: { ...before.contract, to: on },
  })),
  'career.suspension-recorded.v1': enrolment<OfCareer<'suspensionRecorded'>>((before, { suspensionId, from, to }) =>
    withSuspension(before, suspensionId, { from, to }),
  ),
  'career.suspension-corrected.v1': enrolment<OfCareer<'suspensionCorrected'>>((before, { suspensionId, from, to, withdrawn }) =>
    withSuspension(before, suspensionId, withdrawn ? undefined : { from, to }),
  ),
  'career.suspension-ended.v1': enrolment<OfCareer<'suspensionEnded'>>((before, { suspensionId, to }) => {
    const ended = before.suspensions.find((one) => one.suspensionId === suspensionId);
    return ended ? withSuspension(before, suspensionId, { from: ended.from, to }) : before;
  }),
};

/** What the logbook must know of school-network and career to judge an entry. */
export const known: Projection = {
  name: 'known',
  version: 1,
  collections: [sets, schools, cohorts, enrolments, scale],
  public: Object.keys(CHANGES),
  keys(event: ProjectedEvent) {
    const made = CHANGES[event.type]?.(event.data);
    return made ? [[made.collection, made.id]] : [];
  },
  apply(event: ProjectedEvent, documents: Documents) {
    const made = CHANGES[event.type]?.(event.data);
    if (!made) return;
    const after = made.evolve(documents.get(made.collection, made.id) as never, event.data as never);
    if (after !== undefined) documents.put(made.collection, made.id, after);
  },
};
