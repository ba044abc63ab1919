import { type Activity, type AutonomyScale, careerEvents, type DataOf, schoolNetworkEvents } from '@ateneo/contracts';
import { on } from '@ateneo/event-sourcing';
import { type CollectionSpec, documentsOf, projection } from '@ateneo/read-models';

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

export const sets: CollectionSpec<KnownSet> = { name: 'sets', version: 1, columns: {} };
export const schools: CollectionSpec<KnownSchool> = { name: 'schools', version: 1, columns: {} };
export const cohorts: CollectionSpec<KnownCohort> = { name: 'cohorts', version: 1, columns: { schoolId: ({ schoolId }) => schoolId } };
export const enrolments: CollectionSpec<KnownEnrolment> = {
  name: 'enrolments',
  version: 1,
  columns: { traineeId: ({ traineeId }) => traineeId, schoolId: ({ schoolId }) => schoolId },
  indexes: [['traineeId'], ['schoolId']],
};
export const scale: CollectionSpec<AutonomyScale> = { name: 'scale', version: 1, columns: {} };

const withSuspension = (
  known: KnownEnrolment,
  suspensionId: string,
  period: { from: string; to: string | null } | undefined,
): KnownEnrolment => {
  const others = known.suspensions.filter((one) => one.suspensionId !== suspensionId);
  return { ...known, suspensions: period ? [...others, { suspensionId, ...period }] : others };
};

const knownSet = ({ setId, set, activities }: DataOf<typeof schoolNetworkEvents.requirementSetPublished>): KnownSet => ({
  setId,
  activities,
  qualitative: set.requirements
    .filter(({ rule }) => rule.kind === 'qualitative' || (rule.kind === 'track' && rule.rule.kind === 'qualitative'))
    .map(({ id }) => id),
  credits: Object.fromEntries(set.requirements.flatMap(({ id, rule }) => (rule.kind === 'cross_credit' ? [[id, rule.to] as const] : []))),
  tracks: (set.tracks ?? []).filter(({ mode }) => mode === 'elective').map(({ key }) => key),
});

const knownSchool = (before: KnownSchool | undefined, schoolId: string): KnownSchool =>
  before ?? { schoolId, code: '', units: [], activities: [], windows: [] };

const ofSchools = documentsOf(schools, {
  by: 'schoolId',
  on: [
    on(schoolNetworkEvents.schoolOpened, ({ data: { schoolId, code } }, before) => ({ ...knownSchool(before, schoolId), code })),
    on(schoolNetworkEvents.unitAddedToNetwork, ({ data: { schoolId, unitId } }, before) => {
      const known = knownSchool(before, schoolId);
      return { ...known, units: [...new Set([...known.units, unitId])] };
    }),
    on(schoolNetworkEvents.unitRemovedFromNetwork, ({ data: { schoolId, unitId } }, before) => {
      const known = knownSchool(before, schoolId);
      return { ...known, units: known.units.filter((one) => one !== unitId) };
    }),
    on(schoolNetworkEvents.activityAdded, ({ data: { schoolId, activity } }, before) => {
      const known = knownSchool(before, schoolId);
      return { ...known, activities: [...known.activities.filter(({ code }) => code !== activity.code), activity] };
    }),
    on(schoolNetworkEvents.importWindowOpened, ({ data: { schoolId, windowId, from, to } }, before) => {
      const known = knownSchool(before, schoolId);
      return { ...known, windows: [...known.windows, { windowId, from, to }] };
    }),
    on(schoolNetworkEvents.importWindowClosed, ({ data: { schoolId, windowId, to } }, before) => {
      const known = knownSchool(before, schoolId);
      return { ...known, windows: known.windows.map((one) => (one.windowId === windowId ? { ...one, to } : one)) };
    }),
  ],
});

const ofEnrolments = documentsOf(enrolments, {
  by: 'enrolmentId',
  on: [
    on(careerEvents.traineeEnrolled, ({ data: { enrolmentId, traineeId, schoolId, cohortId, contractStart } }) => ({
      enrolmentId,
      traineeId,
      schoolId,
      cohortId,
      contract: { from: contractStart, to: null },
      suspensions: [],
    })),
    on(careerEvents.traineeMovedToCohort, ({ data }, before) => before && { ...before, cohortId: data.cohortId }),
    on(
      careerEvents.trainingYearsDated,
      ({ data }, before) => before && { ...before, contract: { ...before.contract, to: data.years.at(-1)?.to ?? null } },
    ),
    on(careerEvents.contractEnded, ({ data }, before) => before && { ...before, contract: { ...before.contract, to: data.on } }),
    on(
      careerEvents.suspensionRecorded,
      ({ data: { suspensionId, from, to } }, before) => before && withSuspension(before, suspensionId, { from, to }),
    ),
    on(
      careerEvents.suspensionCorrected,
      ({ data: { suspensionId, from, to, withdrawn } }, before) =>
        before && withSuspension(before, suspensionId, withdrawn ? undefined : { from, to }),
    ),
    on(careerEvents.suspensionEnded, ({ data: { suspensionId, to } }, before) => {
      const ended = before?.suspensions.find((one) => one.suspensionId === suspensionId);
      return before && ended ? withSuspension(before, suspensionId, { from: ended.from, to }) : before;
    }),
  ],
});

/** What the logbook must know of school-network and career to judge an entry. */
export const known = projection({
  name: 'known',
  version: 1,
  parts: [
    documentsOf(sets, { by: 'setId', on: on(schoolNetworkEvents.requirementSetPublished, ({ data }) => knownSet(data)) }),
    ofSchools,
    documentsOf(cohorts, {
      by: 'cohortId',
      on: [
        on(schoolNetworkEvents.cohortOpened, ({ data: { cohortId, schoolId, coreSetId, supplementSetIds } }) => ({
          cohortId,
          schoolId,
          setIds: [coreSetId, ...supplementSetIds],
        })),
        on(
          schoolNetworkEvents.cohortBoundToRequirementSet,
          ({ data: { coreSetId, supplementSetIds } }, before) => before && { ...before, setIds: [coreSetId, ...supplementSetIds] },
        ),
      ],
    }),
    ofEnrolments,
    documentsOf(scale, { id: 'scale', on: on(schoolNetworkEvents.autonomyScaleDefined, ({ data }) => data) }),
  ],
});
