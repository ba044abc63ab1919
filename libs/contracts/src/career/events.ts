import { z } from 'zod';
import { publicEvent } from '../contract.js';
import { day, id } from '../values.js';

const ids = {
  enrolmentId: '0198c0de-0000-7000-8000-000000000020',
  traineeId: '0198c0de-0000-7000-8000-000000000001',
  schoolId: '0198c0de-0000-7000-8000-000000000010',
};
const key = { enrolmentId: id, traineeId: id, schoolId: id };
const suspension = '0198c0de-0000-7000-8000-000000000021';

export const trainingYear = z.object({
  year: z.number().int().min(1),
  from: day,
  to: day,
  /** a suspension without an end: `to` is «not before» */ open: z.boolean(),
});
export type TrainingYear = z.output<typeof trainingYear>;

export const traineeEnrolled = publicEvent({
  type: 'career.trainee-enrolled.v1',
  summary: 'A trainee has a contract in a school and belongs to a cohort; the student number is personal and asked of career',
  data: z.object({ ...key, cohortId: id, contractStart: day, courseYears: z.number().int() }),
  example: { ...ids, cohortId: '0198c0de-0000-7000-8000-000000000012', contractStart: '2023-11-01', courseYears: 5 },
});
export const traineeMovedToCohort = publicEvent({
  type: 'career.trainee-moved-to-cohort.v1',
  summary: 'A trainee belongs to another cohort of the same school',
  data: z.object({ ...key, cohortId: id }),
  example: { ...ids, cohortId: '0198c0de-0000-7000-8000-000000000013' },
});
export const trainingYearsDated = publicEvent({
  type: 'career.training-years-dated.v1',
  summary: 'First and last day of every training year: nominal end + union of suspended days; the last one ends the contract',
  data: z.object({ ...key, years: z.array(trainingYear) }),
  example: { ...ids, years: [{ year: 1, from: '2023-11-01', to: '2024-10-31', open: false }] },
});
export const trackChosen = publicEvent({
  type: 'career.track-chosen.v1',
  summary: 'A trainee chose the elective track',
  data: z.object({ ...key, track: z.string() }),
  example: { ...ids, track: 'primary-care' },
});
export const suspensionRecorded = publicEvent({
  type: 'career.suspension-recorded.v1',
  summary: 'Training is suspended from `from` to `to`, both included; the reason is never published',
  data: z.object({ ...key, suspensionId: id, from: day, to: day.nullable(), estimatedTo: day.nullable() }),
  example: { ...ids, suspensionId: suspension, from: '2026-01-10', to: '2026-06-09', estimatedTo: null },
});
export const suspensionCorrected = publicEvent({
  type: 'career.suspension-corrected.v1',
  summary: 'The days of a suspension were wrong or are now known; `withdrawn` = it never was',
  data: z.object({ ...key, suspensionId: id, from: day, to: day.nullable(), estimatedTo: day.nullable(), withdrawn: z.boolean() }),
  example: { ...ids, suspensionId: suspension, from: '2026-01-10', to: '2026-05-31', estimatedTo: null, withdrawn: false },
});
export const suspensionEnded = publicEvent({
  type: 'career.suspension-ended.v1',
  summary: 'The last day of a suspension is over; the trainee may log again',
  data: z.object({ ...key, suspensionId: id, to: day }),
  example: { ...ids, suspensionId: suspension, to: '2026-06-09' },
});
export const traineeRequirementDeclaredNotApplicable = publicEvent({
  type: 'career.requirement-declared-not-applicable.v1',
  summary: 'A director declares a requirement not applicable to a trainee (counting.md 16)',
  data: z.object({ ...key, requirementId: z.string(), act: z.string(), applicable: z.boolean() }),
  example: { ...ids, requirementId: 'CHIR-402-07', act: 'Delibera 12/2026', applicable: false },
});
export const contractEnded = publicEvent({
  type: 'career.contract-ended.v1',
  summary: 'The contract ended early: `on` is its last day',
  data: z.object({ ...key, on: day }),
  example: { ...ids, on: '2026-09-30' },
});
