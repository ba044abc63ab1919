import { z } from 'zod';
import { operation, ROLES } from '../contract.js';
import { accepted, after, askedText, code, day, flag, freshness, id, localised, officeText, officialAct } from '../values.js';
import { autonomyScale, siteType } from './events.js';
import { activity, requirementSet } from './requirement-set.js';

const ids = {
  school: '0198c0de-0000-7000-8000-000000000010',
  unit: '0198c0de-0000-7000-8000-000000000011',
  cohort: '0198c0de-0000-7000-8000-000000000012',
  person: '0198c0de-0000-7000-8000-000000000001',
  other: '0198c0de-0000-7000-8000-000000000002',
};
const label = { it: 'Chirurgia generale', en: 'General surgery' };
const aRequirement = {
  id: 'DEMO-1-01',
  label: { it: 'Interventi di media chirurgia', en: 'Medium surgery' },
  unit: 'procedures',
  minimum: 80,
  rule: { kind: 'min_count' as const, minimum: 80 },
  verify: false,
  source: 'act',
};
const administrator = { anyOf: [{ roles: ['administrator'], relation: 'tenant' }] } as const;
const readers = { anyOf: [{ roles: ROLES, relation: 'self' }] } as const;
const schoolStaff = {
  anyOf: [
    { roles: ['director', 'school-secretariat'], relation: 'my-school', of: 'schoolId' },
    { roles: ['university-secretariat', 'administrator'], relation: 'tenant' },
  ],
} as const;

export const registerUniversity = operation({
  name: 'school-network.register-university',
  kind: 'command',
  summary: 'The university that this installation serves',
  http: { method: 'POST', path: '/university' },
  permission: administrator,
  input: z.object({ universityId: id, name: localised }),
  output: accepted,
  refusals: { 'id-already-used': 409 },
  example: { universityId: ids.school, name: { it: 'Università di Esempio', en: 'Example University' } },
});
export const openSchool = operation({
  name: 'school-network.open-school',
  kind: 'command',
  summary: 'Opens a specialisation school',
  http: { method: 'POST', path: '/schools' },
  permission: administrator,
  input: z.object({
    schoolId: id,
    code: z.string().regex(/^[A-Z]{2,8}$/, 'school-code'),
    name: localised,
    area: z.enum(['medical', 'surgical', 'services']),
    years: z.number().int().min(2).max(6),
  }),
  output: accepted,
  refusals: { 'id-already-used': 409, 'code-already-used': 409 },
  example: { schoolId: ids.school, code: 'CHIR', name: label, area: 'surgical', years: 5 },
});
export const publishRequirementSet = operation({
  name: 'school-network.publish-requirement-set',
  kind: 'command',
  summary: 'Publishes a version of a requirement set; activities are derived from it',
  http: { method: 'POST', path: '/requirement-sets' },
  permission: administrator,
  input: z.object({ schoolCode: code(8), set: requirementSet }),
  output: accepted,
  refusals: { 'id-already-used': 409, 'requirement-set-inconsistent': 422 },
  example: {
    schoolCode: 'CHIR',
    set: {
      id: 'DEMO-1',
      act: 'D.I. 402/2017 all. 2',
      actDate: '2017-06-13',
      version: '2017.1',
      mode: 'core',
      requirements: [aRequirement],
    },
  },
});
export const addActivity = operation({
  name: 'school-network.add-activity',
  kind: 'command',
  summary: 'A finer activity of a school, mapped to one or several requirements (counting.md 21)',
  http: { method: 'POST', path: '/schools/{schoolId}/activities' },
  permission: administrator,
  input: z.object({
    schoolId: id,
    setId: code(80),
    code: z.string().regex(/^[A-Z]{2,8}\/[a-z0-9-]{2,60}$/, 'activity-code'),
    label: localised,
    feeds: activity.shape.feeds.min(1),
    bulk: z.boolean().default(false),
  }),
  output: accepted,
  refusals: {
    'school-not-found': 404,
    'requirement-set-not-found': 404,
    'requirement-not-found': 422,
    'activity-code-taken': 409,
    'feeds-same-requirement-twice': 422,
  },
  example: { schoolId: ids.school, setId: 'CHIR-402', code: 'CHIR/colecistectomia-vls', label, feeds: [{ requirementId: 'CHIR-402-02' }] },
});
export const defineAutonomyScale = operation({
  name: 'school-network.define-autonomy-scale',
  kind: 'command',
  summary: "The university's own names of autonomy levels and surgical roles (residency.md 132)",
  http: { method: 'PUT', path: '/autonomy-scale' },
  permission: administrator,
  input: autonomyScale,
  output: accepted,
  refusals: { 'university-not-found': 404, 'scale-inconsistent': 422 },
  example: {
    levels: [
      {
        key: 'guided',
        rank: 1,
        name: { it: 'Guidata', en: 'Guided' },
        description: { it: 'Con il tutor accanto', en: 'Beside the tutor' },
      },
      {
        key: 'entrusted',
        rank: 2,
        name: { it: 'Affidata', en: 'Entrusted' },
        description: { it: 'Con il tutor disponibile', en: 'With the tutor at hand' },
      },
    ],
    surgicalRoles: [
      {
        key: 'first-operator',
        name: { it: 'Primo operatore', en: 'First operator' },
        description: { it: 'Conduce l’intervento', en: 'Leads the operation' },
        countsInCaseload: true,
      },
    ],
  },
});
export const registerUnit = operation({
  name: 'school-network.register-unit',
  kind: 'command',
  summary: 'An operating unit in the master list of the university',
  http: { method: 'POST', path: '/units' },
  permission: administrator,
  input: z.object({ unitId: id, name: officeText(120), city: officeText(80) }),
  output: accepted,
  refusals: { 'id-already-used': 409 },
  example: { unitId: ids.unit, name: 'Chirurgia 2', city: 'Esempio' },
});
export const addUnitToNetwork = operation({
  name: 'school-network.add-unit-to-network',
  kind: 'command',
  summary: 'Adds an existing unit to the training network of a school (residency.md 32-33)',
  http: { method: 'PUT', path: '/schools/{schoolId}/units/{unitId}' },
  permission: {
    anyOf: [
      { roles: ['school-secretariat'], relation: 'my-school', of: 'schoolId' },
      { roles: ['university-secretariat', 'administrator'], relation: 'tenant' },
    ],
  },
  input: z.object({ schoolId: id, unitId: id, siteType }),
  output: accepted,
  refusals: { 'school-not-found': 404, 'unit-not-found': 404 },
  example: { schoolId: ids.school, unitId: ids.unit, siteType: 'main' },
});
export const removeUnitFromNetwork = operation({
  name: 'school-network.remove-unit-from-network',
  kind: 'command',
  summary: 'Takes a unit out of the training network of a school',
  http: { method: 'DELETE', path: '/schools/{schoolId}/units/{unitId}' },
  permission: addUnitToNetwork.permission,
  input: z.object({ schoolId: id, unitId: id }),
  output: accepted,
  refusals: { 'school-not-found': 404, 'unit-not-in-network': 404 },
  example: { schoolId: ids.school, unitId: ids.unit },
});
export const openCohort = operation({
  name: 'school-network.open-cohort',
  kind: 'command',
  summary: 'A cohort bound to one core requirement set, plus every supplement of its school',
  http: { method: 'POST', path: '/schools/{schoolId}/cohorts' },
  permission: administrator,
  input: z.object({
    cohortId: id,
    schoolId: id,
    label: officeText(40),
    startsOn: day,
    coreSetId: code(80),
    supplementSetIds: z.array(code(80)).default([]),
  }),
  output: accepted,
  refusals: {
    'id-already-used': 409,
    'school-not-found': 404,
    'requirement-set-not-found': 404,
    'not-a-core-set': 422,
    'not-a-supplement': 422,
    'set-of-another-school': 422,
  },
  example: { cohortId: ids.cohort, schoolId: ids.school, label: '2023/2024', startsOn: '2023-11-01', coreSetId: 'CHIR-402' },
});
export const bindCohort = operation({
  name: 'school-network.bind-cohort',
  kind: 'command',
  summary: 'Moves a cohort to other requirement sets; counters are folded again, no entry changes',
  http: { method: 'PUT', path: '/cohorts/{cohortId}/requirement-sets' },
  permission: administrator,
  input: z.object({ cohortId: id, coreSetId: code(80), supplementSetIds: z.array(code(80)).default([]) }),
  output: accepted,
  refusals: {
    'cohort-not-found': 404,
    'requirement-set-not-found': 404,
    'not-a-core-set': 422,
    'not-a-supplement': 422,
    'set-of-another-school': 422,
  },
  example: { cohortId: ids.cohort, coreSetId: 'CHIR-68' },
});
export const declareCohortRequirement = operation({
  name: 'school-network.declare-requirement-applicability',
  kind: 'command',
  summary: 'A director declares a requirement not applicable to a cohort, or applicable again, with reason and act (counting.md 16)',
  http: { method: 'PUT', path: '/cohorts/{cohortId}/requirements/{requirementId}/applicability' },
  permission: { anyOf: [{ roles: ['director'], relation: 'my-school', of: 'cohortId' }] },
  input: z.object({ cohortId: id, requirementId: code(80), applicable: z.boolean(), act: officialAct, reason: officeText(500) }),
  output: accepted,
  refusals: { 'cohort-not-found': 404, 'requirement-not-found': 404 },
  example: {
    cohortId: ids.cohort,
    requirementId: 'CHIR-402-07',
    applicable: false,
    act: 'Delibera 12/2026',
    reason: 'La sede non ha la sala settoria',
  },
});
export const assignTutor = operation({
  name: 'school-network.assign-tutor',
  kind: 'command',
  summary: 'A tutor answers for a trainee in a period; warns at the 4th trainee of a tutor (residency.md B3.1)',
  http: { method: 'POST', path: '/schools/{schoolId}/tutor-assignments' },
  permission: schoolStaff,
  input: z.object({
    assignmentId: id,
    schoolId: id,
    traineeId: id,
    tutorId: id,
    unitId: id.nullable().default(null),
    from: day,
    to: day.nullable().default(null),
  }),
  output: accepted.extend({
    warnings: z.array(z.object({ code: z.literal('tutor-has-more-than-three-trainees'), trainees: z.number().int() })),
  }),
  refusals: {
    'id-already-used': 409,
    'school-not-found': 404,
    'person-not-known-yet': 409,
    'trainee-not-in-school': 422,
    'not-a-tutor-of-the-school': 422,
    'period-reversed': 422,
    'tutor-is-the-trainee': 422,
    'unit-not-in-network': 422,
  },
  example: { assignmentId: ids.unit, schoolId: ids.school, traineeId: ids.person, tutorId: ids.other, from: '2025-11-01' },
});
export const endTutorAssignment = operation({
  name: 'school-network.end-tutor-assignment',
  kind: 'command',
  summary: 'Ends a tutor assignment; `to` is its last day, a day before its start cancels it',
  http: { method: 'POST', path: '/tutor-assignments/{assignmentId}/end' },
  permission: {
    anyOf: [
      { roles: ['director', 'school-secretariat'], relation: 'my-school', of: 'assignmentId' },
      { roles: ['university-secretariat', 'administrator'], relation: 'tenant' },
    ],
  },
  input: z.object({ assignmentId: id, to: day }),
  output: accepted,
  refusals: { 'assignment-not-found': 404 },
  example: { assignmentId: ids.unit, to: '2026-10-31' },
});
export const openImportWindow = operation({
  name: 'school-network.open-import-window',
  kind: 'command',
  summary: 'Lets imported rows of a school land as validated for a while (counting.md 25)',
  http: { method: 'POST', path: '/schools/{schoolId}/import-windows' },
  permission: administrator,
  input: z.object({ windowId: id, schoolId: id, from: day, to: day }),
  output: accepted,
  refusals: { 'id-already-used': 409, 'school-not-found': 404, 'period-reversed': 422 },
  example: { windowId: ids.unit, schoolId: ids.school, from: '2026-11-01', to: '2026-11-30' },
});
export const closeImportWindow = operation({
  name: 'school-network.close-import-window',
  kind: 'command',
  summary: 'Closes an import window early',
  http: { method: 'DELETE', path: '/import-windows/{windowId}' },
  permission: administrator,
  input: z.object({ windowId: id, to: day }),
  output: accepted,
  refusals: { 'window-not-found': 404 },
  example: { windowId: ids.unit, to: '2026-11-12' },
});

export const school = z.object({
  schoolId: id,
  code: z.string(),
  name: localised,
  area: z.enum(['medical', 'surgical', 'services']),
  years: z.number().int(),
});
export const cohort = z.object({
  cohortId: id,
  schoolId: id,
  label: z.string(),
  startsOn: day,
  coreSetId: z.string(),
  supplementSetIds: z.array(z.string()),
});
export const assignment = z.object({
  assignmentId: id,
  schoolId: id,
  traineeId: id,
  trainee: z.string(),
  tutorId: id,
  tutor: z.string(),
  unitId: id.nullable(),
  from: day,
  to: day.nullable(),
});
export const networkUnit = z.object({ unitId: id, name: z.string(), city: z.string(), siteType });

export const showUniversity = operation({
  name: 'school-network.show-university',
  kind: 'query',
  summary: 'Name of the university, its schools and its autonomy scale',
  http: { method: 'GET', path: '/university' },
  permission: { relation: 'public' },
  input: z.object({ ...after }),
  output: z.object({ name: localised.nullable(), schools: z.array(school), scale: autonomyScale, ...freshness }),
  refusals: {},
  readsAfter: ['school-network'],
  example: {},
});
export const showSchool = operation({
  name: 'school-network.show-school',
  kind: 'query',
  summary: 'A school with its units and cohorts',
  http: { method: 'GET', path: '/schools/{schoolId}' },
  permission: readers,
  input: z.object({ schoolId: id, ...after }),
  output: z.object({
    school,
    units: z.array(networkUnit),
    cohorts: z.array(cohort),
    importWindows: z.array(z.object({ windowId: id, from: day, to: day })),
    ...freshness,
  }),
  refusals: { 'school-not-found': 404 },
  readsAfter: ['school-network'],
  example: { schoolId: ids.school },
});
export const showRequirementSet = operation({
  name: 'school-network.show-requirement-set',
  kind: 'query',
  summary: 'A requirement set with source, act and `verify` marks, and the activities derived from it',
  http: { method: 'GET', path: '/requirement-sets/{setId}' },
  permission: readers,
  input: z.object({ setId: askedText(80), ...after }),
  output: z.object({ set: requirementSet, activities: z.array(activity), ...freshness }),
  refusals: { 'requirement-set-not-found': 404 },
  readsAfter: ['school-network'],
  example: { setId: 'CHIR-402' },
});
export const listRequirementSets = operation({
  name: 'school-network.list-requirement-sets',
  kind: 'query',
  summary: 'All requirement sets: id, act, version, number of requirements and how many carry `verify`',
  http: { method: 'GET', path: '/requirement-sets' },
  permission: readers,
  input: z.object({ ...after }),
  output: z.object({
    sets: z.array(
      z.object({
        setId: z.string(),
        schoolCode: z.string(),
        act: z.string(),
        version: z.string(),
        mode: z.enum(['core', 'supplement']),
        requirements: z.number().int(),
        toVerify: z.number().int(),
      }),
    ),
    ...freshness,
  }),
  refusals: {},
  readsAfter: ['school-network'],
  example: {},
});
export const listActivities = operation({
  name: 'school-network.list-activities',
  kind: 'query',
  summary: 'What trainees of a cohort can log: the activities of its sets, of its school and the non-professional ones',
  http: { method: 'GET', path: '/cohorts/{cohortId}/activities' },
  permission: readers,
  input: z.object({ cohortId: id, ...after }),
  output: z.object({ activities: z.array(activity), ...freshness }),
  refusals: { 'cohort-not-found': 404 },
  readsAfter: ['school-network'],
  example: { cohortId: ids.cohort },
});
export const listAssignments = operation({
  name: 'school-network.list-tutor-assignments',
  kind: 'query',
  summary: 'Tutor assignments of a school, a trainee or a tutor',
  http: { method: 'GET', path: '/tutor-assignments' },
  permission: {
    anyOf: [
      { roles: ['trainee', 'tutor'], relation: 'self' },
      { roles: ['director', 'school-secretariat'], relation: 'my-school' },
      { roles: ['university-secretariat', 'administrator'], relation: 'tenant' },
    ],
    scopeFilter: true,
  },
  input: z.object({ schoolId: id.optional(), traineeId: id.optional(), tutorId: id.optional(), current: flag.default(false), ...after }),
  output: z.object({ assignments: z.array(assignment), ...freshness }),
  refusals: {},
  readsAfter: ['identity', 'school-network'],
  example: { schoolId: ids.school },
});
