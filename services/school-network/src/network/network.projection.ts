import type { Activity, AutonomyScale, Localised, RequirementSet } from '@ateneo/contracts';
import { onStored } from '@ateneo/event-sourcing';
import { type CollectionSpec, documentsBy, documentsOf, projection } from '@ateneo/read-models';
import { cohort } from '../cohort/cohort.decider.js';
import { requirementSet } from '../requirement-set/requirement-set.decider.js';
import { school, type SiteType } from '../school/school.decider.js';
import { unit } from '../unit/unit.decider.js';
import { university } from '../university/university.decider.js';

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

/** University, schools, units, cohorts and requirement sets as people look at them. */
export const network = projection({
  name: 'network',
  version: 1,
  parts: [
    documentsOf(universities, {
      id: UNIVERSITY,
      on: onStored(university, {
        UniversityRegistered: ({ data }) => ({ name: data.name, scale: { levels: [], surgicalRoles: [] } }),
        AutonomyScaleDefined: ({ data: { levels, surgicalRoles } }, before) => before && { ...before, scale: { levels, surgicalRoles } },
      }),
    }),
    documentsOf(schools, {
      by: 'schoolId',
      on: onStored(school, {
        SchoolOpened: ({ data }) => ({ ...data, units: [], activities: [], windows: [] }),
        UnitAddedToNetwork: ({ data: { unitId, siteType } }, before) =>
          before && { ...before, units: [...before.units.filter((one) => one.unitId !== unitId), { unitId, siteType }] },
        UnitRemovedFromNetwork: ({ data }, before) =>
          before && { ...before, units: before.units.filter(({ unitId }) => unitId !== data.unitId) },
        ActivityAdded: ({ data: { activity } }, before) =>
          before && { ...before, activities: [...before.activities.filter(({ code }) => code !== activity.code), activity] },
        ImportWindowOpened: ({ data: { windowId, from, to } }, before) =>
          before && { ...before, windows: [...before.windows, { windowId, from, to }] },
        ImportWindowClosed: ({ data: { windowId, to } }, before) =>
          before && { ...before, windows: before.windows.map((one) => (one.windowId === windowId ? { ...one, to } : one)) },
      }),
    }),
    documentsOf(units, { by: 'unitId', on: onStored(unit, { UnitRegistered: ({ data }) => data }) }),
    documentsBy(sets, ({ set }) => set.id, onStored(requirementSet, { RequirementSetPublished: ({ data }) => data })),
    documentsOf(cohorts, {
      by: 'cohortId',
      on: onStored(cohort, {
        CohortOpened: ({ data }) => data,
        CohortBoundToRequirementSet: ({ data: { coreSetId, supplementSetIds } }, before) =>
          before && { ...before, coreSetId, supplementSetIds },
      }),
    }),
    documentsOf(windows, {
      by: 'windowId',
      on: onStored(school, { ImportWindowOpened: ({ data }) => ({ schoolId: data.schoolId }) }),
    }),
  ],
});
