import { z } from 'zod';
import { operation } from '../contract.js';
import { accepted, after, askedText, code, day, freshness, id, officialAct, page, personalText } from '../values.js';
import { trainingYear } from './events.js';

const ids = {
  enrolment: '0198c0de-0000-7000-8000-000000000020',
  trainee: '0198c0de-0000-7000-8000-000000000001',
  school: '0198c0de-0000-7000-8000-000000000010',
  cohort: '0198c0de-0000-7000-8000-000000000012',
  suspension: '0198c0de-0000-7000-8000-000000000021',
};
const secretariat = (of: string) =>
  ({
    anyOf: [
      { roles: ['school-secretariat'], relation: 'my-school', of },
      { roles: ['university-secretariat', 'administrator'], relation: 'tenant' },
    ],
  }) as const;
const administrator = { anyOf: [{ roles: ['administrator'], relation: 'tenant' }] } as const;

/** Kinds of suspension (residency.md B5); sealed: secretariats alone see it (C1.3). */
export const suspensionKind = z.enum(['maternity', 'illness', 'injury', 'other']);

export const enrolTrainee = operation({
  name: 'career.enrol-trainee',
  kind: 'command',
  summary: 'A trainee starts: student number, contract start, cohort (residency.md A7)',
  http: { method: 'POST', path: '/enrolments' },
  permission: administrator,
  input: z.object({ enrolmentId: id, traineeId: id, schoolId: id, cohortId: id, studentNumber: personalText(40), contractStart: day }),
  output: accepted,
  refusals: {
    'id-already-used': 409,
    'cohort-not-found': 404,
    'cohort-of-another-school': 422,
    'person-not-known-yet': 409,
    'student-number-taken': 409,
    'person-erased': 409,
  },
  example: {
    enrolmentId: ids.enrolment,
    traineeId: ids.trainee,
    schoolId: ids.school,
    cohortId: ids.cohort,
    studentNumber: '0045123',
    contractStart: '2023-11-01',
  },
});
export const moveToCohort = operation({
  name: 'career.move-trainee-to-cohort',
  kind: 'command',
  summary: 'Moves a trainee to another cohort of the same school',
  http: { method: 'PUT', path: '/enrolments/{enrolmentId}/cohort' },
  permission: administrator,
  input: z.object({ enrolmentId: id, cohortId: id }),
  output: accepted,
  refusals: { 'enrolment-not-found': 404, 'cohort-not-found': 404, 'cohort-of-another-school': 422 },
  example: { enrolmentId: ids.enrolment, cohortId: ids.cohort },
});
export const chooseTrack = operation({
  name: 'career.choose-track',
  kind: 'command',
  summary: "Records a trainee's elective track (counting.md 14)",
  http: { method: 'PUT', path: '/enrolments/{enrolmentId}/track' },
  permission: secretariat('enrolmentId'),
  input: z.object({ enrolmentId: id, track: code(60) }),
  output: accepted,
  refusals: { 'enrolment-not-found': 404, 'unknown-track': 422 },
  example: { enrolmentId: ids.enrolment, track: 'primary-care' },
});
export const recordSuspension = operation({
  name: 'career.record-suspension',
  kind: 'command',
  summary: 'Suspends training from a day; the end may be open with an estimate; year ends move (residency.md 91-99)',
  http: { method: 'POST', path: '/enrolments/{enrolmentId}/suspensions' },
  permission: secretariat('enrolmentId'),
  input: z.object({
    enrolmentId: id,
    suspensionId: id,
    kind: suspensionKind,
    from: day,
    to: day.nullable().default(null),
    estimatedTo: day.nullable().default(null),
  }),
  output: accepted,
  refusals: {
    'enrolment-not-found': 404,
    'id-already-used': 409,
    'period-reversed': 422,
    'outside-contract': 422,
    'earlier-year-needs-administrator': 403,
  },
  example: { enrolmentId: ids.enrolment, suspensionId: ids.suspension, kind: 'maternity', from: '2026-01-10', to: '2026-06-09' },
});
export const correctSuspension = operation({
  name: 'career.correct-suspension',
  kind: 'command',
  summary: 'Corrects the days of a suspension, closes an open one, or withdraws it',
  http: { method: 'PUT', path: '/enrolments/{enrolmentId}/suspensions/{suspensionId}' },
  permission: secretariat('enrolmentId'),
  input: z.object({
    enrolmentId: id,
    suspensionId: id,
    from: day,
    to: day.nullable(),
    estimatedTo: day.nullable().default(null),
    withdrawn: z.boolean().default(false),
  }),
  output: accepted,
  refusals: {
    'enrolment-not-found': 404,
    'suspension-not-found': 404,
    'period-reversed': 422,
    'outside-contract': 422,
    'earlier-year-needs-administrator': 403,
  },
  example: { enrolmentId: ids.enrolment, suspensionId: ids.suspension, from: '2026-01-10', to: '2026-05-31' },
});
export const declareTraineeRequirement = operation({
  name: 'career.declare-requirement-applicability',
  kind: 'command',
  summary: 'A director declares a requirement not applicable to a trainee, or applicable again, with reason and act (counting.md 16)',
  http: { method: 'PUT', path: '/enrolments/{enrolmentId}/requirements/{requirementId}/applicability' },
  permission: { anyOf: [{ roles: ['director'], relation: 'my-school', of: 'enrolmentId' }] },
  input: z.object({ enrolmentId: id, requirementId: code(80), applicable: z.boolean(), act: officialAct, reason: personalText(500) }),
  output: accepted,
  refusals: { 'enrolment-not-found': 404, 'requirement-not-found': 404, 'patient-data': 422 },
  example: {
    enrolmentId: ids.enrolment,
    requirementId: 'CHIR-402-07',
    applicable: false,
    act: 'Delibera 12/2026',
    reason: 'La sede non ha la sala settoria',
  },
});
export const endContract = operation({
  name: 'career.end-contract',
  kind: 'command',
  summary: 'Ends a contract early; `on` is its last day',
  http: { method: 'POST', path: '/enrolments/{enrolmentId}/end' },
  permission: administrator,
  input: z.object({ enrolmentId: id, on: day }),
  output: accepted,
  refusals: { 'enrolment-not-found': 404, 'outside-contract': 422 },
  example: { enrolmentId: ids.enrolment, on: '2026-09-30' },
});

export const enrolmentView = z.object({
  enrolmentId: id,
  traineeId: id,
  schoolId: id,
  cohortId: id,
  name: z.string(),
  studentNumber: z.string(),
  contractStart: day,
  contractEnd: day,
  track: z.string().nullable(),
  years: z.array(trainingYear),
  suspendedToday: z.boolean(),
  /** days without the kind for all but secretariats (residency.md C1.3) */
  suspensions: z.array(
    z.object({ suspensionId: id, kind: suspensionKind.optional(), from: day, to: day.nullable(), estimatedTo: day.nullable() }),
  ),
  notApplicable: z.array(z.object({ requirementId: z.string(), act: z.string() })),
});
export type EnrolmentView = z.output<typeof enrolmentView>;
export const showCareer = operation({
  name: 'career.show-career',
  kind: 'query',
  summary: 'Enrolments of a trainee with training years and suspensions',
  http: { method: 'GET', path: '/trainees/{traineeId}/career' },
  permission: {
    anyOf: [
      { roles: ['trainee'], relation: 'self', of: 'traineeId' },
      { roles: ['tutor'], relation: 'my-trainee-on-date', of: 'traineeId' },
      { roles: ['director', 'school-secretariat'], relation: 'my-school', of: 'traineeId' },
      { roles: ['university-secretariat', 'administrator'], relation: 'tenant' },
    ],
  },
  input: z.object({ traineeId: id, ...after }),
  output: z.object({ enrolments: z.array(enrolmentView), ...freshness }),
  refusals: { 'trainee-not-found': 404 },
  live: [{ topic: 'career', by: 'traineeId' }],
  readsAfter: ['identity', 'career'],
  example: { traineeId: ids.trainee },
});
export const listCareers = operation({
  name: 'career.list-careers',
  kind: 'query',
  summary: 'Careers of the trainees of a school (residency.md 83-93)',
  http: { method: 'GET', path: '/schools/{schoolId}/careers' },
  permission: {
    anyOf: [
      { roles: ['director', 'school-secretariat'], relation: 'my-school', of: 'schoolId' },
      { roles: ['university-secretariat', 'administrator'], relation: 'tenant' },
    ],
  },
  input: z.object({ schoolId: id, search: askedText(100).optional(), ...page, ...after }),
  output: z.object({ total: z.number().int(), enrolments: z.array(enrolmentView), ...freshness }),
  refusals: {},
  readsAfter: ['identity', 'career'],
  example: { schoolId: ids.school },
});
export const resolveStudentNumbers = operation({
  name: 'career.resolve-student-numbers',
  kind: 'query',
  summary: 'Enrolments of a school by student number; leading zeros do not matter (services.md 4.7)',
  permission: { relation: 'service', callers: ['logbook', 'reporting'] },
  input: z.object({
    schoolId: id.optional(),
    studentNumbers: z.array(askedText(60)).max(2000).optional(),
    enrolmentIds: z.array(id).max(2000).optional(),
  }),
  output: z.object({ enrolments: z.array(z.object({ enrolmentId: id, traineeId: id, studentNumber: z.string() })) }),
  refusals: {},
  example: { schoolId: ids.school },
});
