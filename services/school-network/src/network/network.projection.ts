import type { Activity, AutonomyScale, Localised, RequirementSet } from '@ateneo/contracts';
import type { CollectionSpec, Documents, ProjectedEvent, Projection } from '@ateneo/read-models';
import type { CohortEvent } from '../cohort/cohort.decider.js';
import type { SetEvent } from '../requirement-set/requirement-set.decider.js';
import type { SchoolEvent, SiteType } from '../school/school.decider.js';
import type { UnitEvent } from '../unit/unit.decider.js';
import type { UniversityEvent } from '../university/university.decider.js';

export type UniversityDocument = { readonly name: Localised; readonly scale: AutonomyScale };
export type SchoolDocument = {
  readonly schoolId: string;
  readonly code: string;
  readonly name: Localised;
  readonly area: 'medical' | 'surgical' | 'services';
  readonly years: number;
  readonly units: readonly { readonly unitId: string; readonly siteType: SiteType }[];
  readonly activities: readonly Activity[];
  readonly windows: readonly { readonly windowId: string; readonly from: string; readonly to: string }[];
};
export type UnitDocument = { readonly unitId: string; readonly name: string; readonly city: string };
export type SetDocument = { readonly schoolCode: string; readonly set: RequirementSet; readonly activities: readonly Activity[] };
export type CohortDocument = {
  readonly cohortId: string;
  readonly schoolId: string;
  readonly label: string;
  readonly startsOn: string;
  readonly coreSetId: string;
  readonly supplementSetIds: string[];
};

export const universities: CollectionSpec<UniversityDocument> = { name: 'universities', version: 1, columns: {} };
export const schools: CollectionSpec<SchoolDocument> = { name: 'schools', version: 1, columns: {} };
export const units: CollectionSpec<UnitDocument> = { name: 'units', version: 1, columns: {} };
export const sets: CollectionSpec<SetDocument> = { name: 'sets', version: 1, columns: {} };
export const cohorts: CollectionSpec<CohortDocument> = {
  name: 'cohorts',
  version: 1,
  columns: { schoolId: ({ schoolId }) => schoolId, startsOn: ({ startsOn }) => startsOn },
  indexes: [['schoolId', 'startsOn']],
};
/** The school of each import window. */
export const windows: CollectionSpec<{ readonly schoolId: string }> = { name: 'windows', version: 1, columns: {} };

export const UNIVERSITY = 'university';

type NetworkEvent = UniversityEvent | SchoolEvent | UnitEvent | SetEvent | Exclude<CohortEvent, { reason: string }>;
const OWN: readonly NetworkEvent['type'][] = [
  ...([
    'UniversityRegistered',
    'AutonomyScaleDefined',
    'UnitRegistered',
    'RequirementSetPublished',
    'CohortOpened',
    'CohortBoundToRequirementSet',
  ] as const),
  ...([
    'SchoolOpened',
    'UnitAddedToNetwork',
    'UnitRemovedFromNetwork',
    'ActivityAdded',
    'ImportWindowOpened',
    'ImportWindowClosed',
  ] as const),
];

const read = ({ type, data }: ProjectedEvent): NetworkEvent => ({ ...data, type }) as NetworkEvent;

function keysOf(event: NetworkEvent): [collection: string, id: string][] {
  switch (event.type) {
    case 'UniversityRegistered':
    case 'AutonomyScaleDefined':
      return [[universities.name, UNIVERSITY]];
    case 'UnitRegistered':
      return [[units.name, event.unitId]];
    case 'RequirementSetPublished':
      return [[sets.name, event.set.id]];
    case 'CohortOpened':
    case 'CohortBoundToRequirementSet':
      return [[cohorts.name, event.cohortId]];
    case 'ImportWindowOpened':
      return [
        [schools.name, event.schoolId],
        [windows.name, event.windowId],
      ];
    default:
      return [[schools.name, event.schoolId]];
  }
}

function evolveSchool(before: SchoolDocument, event: SchoolEvent): SchoolDocument {
  switch (event.type) {
    case 'SchoolOpened':
      return before;
    case 'UnitAddedToNetwork':
      return {
        ...before,
        units: [...before.units.filter(({ unitId }) => unitId !== event.unitId), { unitId: event.unitId, siteType: event.siteType }],
      };
    case 'UnitRemovedFromNetwork':
      return { ...before, units: before.units.filter(({ unitId }) => unitId !== event.unitId) };
    case 'ActivityAdded':
      return { ...before, activities: [...before.activities.filter(({ code }) => code !== event.activity.code), event.activity] };
    case 'ImportWindowOpened':
      return { ...before, windows: [...before.windows, { windowId: event.windowId, from: event.from, to: event.to }] };
    case 'ImportWindowClosed':
      return { ...before, windows: before.windows.map((one) => (one.windowId === event.windowId ? { ...one, to: event.to } : one)) };
  }
}

function apply(event: NetworkEvent, documents: Documents): void {
  switch (event.type) {
    case 'UniversityRegistered':
      return documents.put(universities.name, UNIVERSITY, {
        name: event.name,
        scale: { levels: [], surgicalRoles: [] },
      } satisfies UniversityDocument);
    case 'AutonomyScaleDefined': {
      const before = documents.get<UniversityDocument>(universities.name, UNIVERSITY);
      return (
        before &&
        documents.put(universities.name, UNIVERSITY, { ...before, scale: { levels: event.levels, surgicalRoles: event.surgicalRoles } })
      );
    }
    case 'UnitRegistered':
      return documents.put(units.name, event.unitId, { unitId: event.unitId, name: event.name, city: event.city } satisfies UnitDocument);
    case 'RequirementSetPublished':
      return documents.put(sets.name, event.set.id, {
        schoolCode: event.schoolCode,
        set: event.set,
        activities: event.activities,
      } satisfies SetDocument);
    case 'CohortOpened': {
      const { type: _type, ...cohort } = event;
      return documents.put(cohorts.name, event.cohortId, cohort satisfies CohortDocument);
    }
    case 'CohortBoundToRequirementSet': {
      const before = documents.get<CohortDocument>(cohorts.name, event.cohortId);
      return (
        before &&
        documents.put(cohorts.name, event.cohortId, { ...before, coreSetId: event.coreSetId, supplementSetIds: event.supplementSetIds })
      );
    }
    case 'SchoolOpened': {
      const { type: _type, ...school } = event;
      return documents.put(schools.name, event.schoolId, { ...school, units: [], activities: [], windows: [] } satisfies SchoolDocument);
    }
    default: {
      if (event.type === 'ImportWindowOpened') documents.put(windows.name, event.windowId, { schoolId: event.schoolId });
      const before = documents.get<SchoolDocument>(schools.name, event.schoolId);
      return before && documents.put(schools.name, event.schoolId, evolveSchool(before, event));
    }
  }
}

/** University, schools, units, cohorts and requirement sets as people look at them. */
export const network: Projection = {
  name: 'network',
  version: 1,
  collections: [universities, schools, units, sets, cohorts, windows],
  own: OWN,
  keys: (event) => keysOf(read(event)),
  apply: (event, documents) => apply(read(event), documents),
};
