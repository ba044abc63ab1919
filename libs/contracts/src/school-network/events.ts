import { z } from 'zod';
import { publicEvent } from '../contract.js';
import { code, day, id, localised } from '../values.js';
import { activity, requirementSet } from './requirement-set.js';

const ids = {
  school: '0198c0de-0000-7000-8000-000000000010',
  unit: '0198c0de-0000-7000-8000-000000000011',
  cohort: '0198c0de-0000-7000-8000-000000000012',
  person: '0198c0de-0000-7000-8000-000000000001',
  other: '0198c0de-0000-7000-8000-000000000002',
};
const label = { it: 'Chirurgia generale', en: 'General surgery' };

/** residency.md A3 item 31. */
export const siteType = z.enum(['main', 'affiliated', 'complementary', 'out-of-network-italy', 'out-of-network-abroad']);
export const autonomyScale = z.object({
  levels: z.array(z.object({ key: code(40), rank: z.number().int(), name: localised, description: localised })),
  surgicalRoles: z.array(z.object({ key: code(40), name: localised, description: localised, countsInCaseload: z.boolean() })),
});
export type AutonomyScale = z.output<typeof autonomyScale>;

export const universityRegistered = publicEvent({
  type: 'school-network.university-registered.v1',
  summary: 'The university that this installation serves',
  data: z.object({ universityId: id, name: localised }),
  example: { universityId: ids.school, name: { it: 'Università di Esempio', en: 'Example University' } },
});
export const schoolOpened = publicEvent({
  type: 'school-network.school-opened.v1',
  summary: 'A specialisation school',
  data: z.object({
    schoolId: id,
    code: z.string(),
    name: localised,
    area: z.enum(['medical', 'surgical', 'services']),
    years: z.number().int(),
  }),
  example: { schoolId: ids.school, code: 'CHIR', name: label, area: 'surgical', years: 5 },
});
export const requirementSetPublished = publicEvent({
  type: 'school-network.requirement-set-published.v1',
  summary: 'A version of the minimum requirements of a school type, with the activities derived from it',
  data: z.object({ setId: z.string(), schoolCode: z.string(), set: requirementSet, activities: z.array(activity) }),
  example: {
    setId: 'DEMO-1',
    schoolCode: 'CHIR',
    set: { id: 'DEMO-1', act: 'D.I. 402/2017 all. 2', actDate: '2017-06-13', version: '2017.1', mode: 'core', requirements: [] },
    activities: [],
  },
});
export const activityAdded = publicEvent({
  type: 'school-network.activity-added.v1',
  summary: 'A finer activity of a school, mapped to one or several requirements',
  data: z.object({ schoolId: id, activity }),
  example: {
    schoolId: ids.school,
    activity: {
      code: 'CHIR/cholecystectomy',
      setId: 'CHIR-402',
      label,
      kind: 'act',
      feeds: [{ requirementId: 'CHIR-402-02' }],
      unit: 'procedures',
      bulk: false,
      requires: [],
      simulationAllowed: false,
    },
  },
});
export const unitRegistered = publicEvent({
  type: 'school-network.unit-registered.v1',
  summary: 'An operating unit in the master list',
  data: z.object({ unitId: id, name: z.string(), city: z.string() }),
  example: { unitId: ids.unit, name: 'Chirurgia 2', city: 'Esempio' },
});
export const unitAddedToNetwork = publicEvent({
  type: 'school-network.unit-added-to-network.v1',
  summary: 'A unit joins the training network of a school',
  data: z.object({ schoolId: id, unitId: id, siteType }),
  example: { schoolId: ids.school, unitId: ids.unit, siteType: 'main' },
});
export const unitRemovedFromNetwork = publicEvent({
  type: 'school-network.unit-removed-from-network.v1',
  summary: 'A unit leaves the training network of a school',
  data: z.object({ schoolId: id, unitId: id }),
  example: { schoolId: ids.school, unitId: ids.unit },
});
export const cohortOpened = publicEvent({
  type: 'school-network.cohort-opened.v1',
  summary: 'A cohort, bound to one core requirement set and to the supplements of its school',
  data: z.object({
    cohortId: id,
    schoolId: id,
    label: z.string(),
    startsOn: day,
    coreSetId: z.string(),
    supplementSetIds: z.array(z.string()),
  }),
  example: {
    cohortId: ids.cohort,
    schoolId: ids.school,
    label: '2023/2024',
    startsOn: '2023-11-01',
    coreSetId: 'CHIR-402',
    supplementSetIds: [],
  },
});
export const cohortBoundToRequirementSet = publicEvent({
  type: 'school-network.cohort-bound-to-requirement-set.v1',
  summary: 'A cohort moves to other requirement sets: its counters are folded again, no entry changes',
  data: z.object({ cohortId: id, coreSetId: z.string(), supplementSetIds: z.array(z.string()) }),
  example: { cohortId: ids.cohort, coreSetId: 'CHIR-68', supplementSetIds: [] },
});
export const cohortRequirementDeclaredNotApplicable = publicEvent({
  type: 'school-network.requirement-declared-not-applicable.v1',
  summary: 'A director declares a requirement not applicable to a cohort (counting.md 16)',
  data: z.object({ cohortId: id, schoolId: id, requirementId: z.string(), act: z.string(), applicable: z.boolean() }),
  example: { cohortId: ids.cohort, schoolId: ids.school, requirementId: 'CHIR-402-07', act: 'Delibera 12/2026', applicable: false },
});
export const autonomyScaleDefined = publicEvent({
  type: 'school-network.autonomy-scale-defined.v1',
  summary: "The university's own names of autonomy levels and surgical roles",
  data: autonomyScale,
  example: { levels: [], surgicalRoles: [] },
});
export const tutorAssigned = publicEvent({
  type: 'school-network.tutor-assigned.v1',
  summary: 'A tutor answers for a trainee in a period («turno»)',
  data: z.object({ assignmentId: id, schoolId: id, traineeId: id, tutorId: id, unitId: id.nullable(), from: day, to: day.nullable() }),
  example: {
    assignmentId: ids.unit,
    schoolId: ids.school,
    traineeId: ids.person,
    tutorId: ids.other,
    unitId: null,
    from: '2025-11-01',
    to: null,
  },
});
export const tutorAssignmentEnded = publicEvent({
  type: 'school-network.tutor-assignment-ended.v1',
  summary: 'The assignment ends: `to` is its last day; a day before `from` = it never held',
  data: z.object({ assignmentId: id, schoolId: id, traineeId: id, tutorId: id, to: day }),
  example: { assignmentId: ids.unit, schoolId: ids.school, traineeId: ids.person, tutorId: ids.other, to: '2026-10-31' },
});
export const importWindowOpened = publicEvent({
  type: 'school-network.import-window-opened.v1',
  summary: 'Until `to` (included), imported rows of a school may land as validated (counting.md 25)',
  data: z.object({ windowId: id, schoolId: id, from: day, to: day }),
  example: { windowId: ids.unit, schoolId: ids.school, from: '2026-11-01', to: '2026-11-30' },
});
export const importWindowClosed = publicEvent({
  type: 'school-network.import-window-closed.v1',
  summary: 'The import window of a school is closed early',
  data: z.object({ windowId: id, schoolId: id, to: day }),
  example: { windowId: ids.unit, schoolId: ids.school, to: '2026-11-12' },
});
