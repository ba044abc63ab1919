import { z } from 'zod';
import { operation, storedFile } from '../contract.js';
import { after, askedText, day, flag, freshness, id, instant, locale, localised, page, protocol } from '../values.js';
import { accepted } from '../values.js';
import { autonomyScale } from '../school-network/events.js';

const ids = {
  trainee: '0198c0de-0000-7000-8000-000000000001',
  school: '0198c0de-0000-7000-8000-000000000010',
  report: '0198c0de-0000-7000-8000-000000000040',
  run: '0198c0de-0000-7000-8000-000000000041',
  cohort: '0198c0de-0000-7000-8000-000000000012',
};

/** An exact fraction in lowest terms; 1/1 exactly when the rule is met (counting.md 4). */
const fraction = z.object({ numerator: z.number().int(), denominator: z.number().int() });
/** A share, a component, an item, or the time that a rule asks for besides. `number` is `n`; of time with one decimal, rounded down, in `unit`. */
const figurePart = z.object({
  key: z.string(),
  label: localised,
  n: z.number(),
  number: z.number(),
  unit: z.string().optional(),
  minimum: z.number(),
  met: z.boolean(),
});
/** One counter of one requirement. `levels` adds up to `n`; keys are autonomy levels, or `not-stated`. */
export const figure = z.object({
  n: z.number(),
  achieved: z.number(),
  /** the measure for «met» and for the set (counting.md 4); the percentage of the row is `percent` */
  progress: fraction.nullable(),
  /** what stands on the row (counting.md 5): `achieved` with at most one decimal, rounded down */
  number: z.number(),
  /** of time: what `number` and `minimum` are counted in */
  unit: z.string().optional(),
  /** what is required; null = nothing is */
  minimum: z.number().nullable(),
  /** `number` / `minimum` from the exact values, rounded down to a whole percent; may pass 100, at most 99 while a part of the rule is unmet */
  percent: z.number().int().nullable(),
  met: z.boolean(),
  levels: z.record(z.string(), z.number()),
  parts: z.array(figurePart),
  /** the unmet ones of `parts`, which stand beside the percentage in words */
  failing: z.array(figurePart),
  /** what the total of a share takes besides its part: second operator beside first */
  remainder: z.object({ key: z.string(), label: localised, n: z.number() }).optional(),
  /** of a rule that asks for time: counted days, and those of each training year */
  time: z
    .object({ unit: z.string(), days: z.number().int(), years: z.array(z.object({ year: z.number().int(), days: z.number().int() })) })
    .optional(),
});
export const requirementCounter = z.object({
  requirementId: z.string(),
  label: localised,
  note: localised.optional(),
  unit: z.string(),
  minimum: z.number().nullable(),
  kind: z.string(),
  parent: z.string().optional(),
  simulationAllowed: z.boolean(),
  verify: z.boolean(),
  applicable: z.boolean(),
  /** act by which a director declared it not applicable (counting.md 16) */
  notApplicableAct: z.string().optional(),
  provisional: figure,
  definitive: figure,
  /** draft + submitted + validated, shown apart, never a counter (counting.md 1) */
  logged: z.number(),
  /** where the requirement has no number: each attestation, `until` = the first day without it; a withdrawn one counts as if never given (counting.md 13, 30) */
  attestations: z.array(z.object({ from: day, until: day.nullable(), withdrawn: z.boolean() })).optional(),
});
export const setCounter = z.object({
  setId: z.string(),
  act: z.string(),
  actDate: z.string(),
  version: z.string(),
  mode: z.enum(['core', 'supplement']),
  /** exact mean of the capped progresses, rounded down (counting.md 18); null = no percentage */
  percent: z.object({ provisional: z.number().int().nullable(), definitive: z.number().int().nullable() }),
  met: z.object({ provisional: z.boolean(), definitive: z.boolean() }),
  missingAttestations: z.number().int(),
  track: z.object({ chosen: z.string().nullable(), missing: z.boolean() }),
  requirements: z.array(requirementCounter),
});
/** Entries that count somewhere oddly: listed beside the counters, never changing a number. */
export const countingRemark = z.object({
  code: z.enum(['share-unclassified', 'cross-credit-lapsed', 'activity-unmapped', 'periods-overlap', 'simulated-not-allowed']),
  entryId: id,
  requirementId: z.string().optional(),
});
export const counters = z.object({
  traineeId: id,
  enrolmentId: id,
  schoolId: id,
  cohortId: id,
  asOf: day,
  knownAt: day.nullable(),
  sets: z.array(setCounter),
  remarks: z.array(countingRemark),
  scale: autonomyScale,
  ...freshness,
});
export type Figure = z.output<typeof figure>;
export type FigurePart = z.output<typeof figurePart>;
export type RequirementCounter = z.output<typeof requirementCounter>;
export type SetCounter = z.output<typeof setCounter>;
export type Counters = z.output<typeof counters>;

const staffOfTrainee = [
  { roles: ['trainee'], relation: 'self', of: 'traineeId' },
  { roles: ['tutor'], relation: 'my-trainee-on-date', of: 'traineeId' },
  { roles: ['director', 'school-secretariat'], relation: 'my-school', of: 'traineeId' },
  { roles: ['university-secretariat', 'administrator', 'integration'], relation: 'tenant' },
] as const;
const staffOfSchool = [
  { roles: ['director', 'school-secretariat'], relation: 'my-school', of: 'schoolId' },
  { roles: ['university-secretariat', 'administrator', 'integration'], relation: 'tenant' },
] as const;
const secretariat = [
  { roles: ['school-secretariat'], relation: 'my-school', of: 'schoolId' },
  { roles: ['university-secretariat', 'administrator'], relation: 'tenant' },
] as const;

export const showCounters = operation({
  name: 'reporting.show-counters',
  kind: 'query',
  summary: 'Provisional and definitive counters of a trainee, per requirement and autonomy level, also as of a day and as known at a day',
  http: { method: 'GET', path: '/trainees/{traineeId}/counters' },
  permission: { anyOf: staffOfTrainee },
  input: z.object({ traineeId: id, enrolmentId: id.optional(), asOf: day.optional(), knownAt: day.optional(), ...after }),
  output: counters,
  refusals: { 'trainee-not-found': 404, 'known-at-in-the-future': 422 },
  // a list of entries narrows instead of refusing: who may see the counters may follow the entries
  live: [
    { topic: 'counters', by: 'traineeId' },
    { topic: 'entries', by: 'traineeId', toldBy: 'logbook' },
  ],
  readsAfter: ['school-network', 'career', 'logbook'],
  example: { traineeId: ids.trainee },
});
export const explainRequirement = operation({
  name: 'reporting.explain-requirement',
  kind: 'query',
  summary: 'The entries behind a number: what counts for a requirement, in which counter and why',
  http: { method: 'GET', path: '/trainees/{traineeId}/counters/{requirementId}/entries' },
  permission: { anyOf: staffOfTrainee },
  input: z.object({
    traineeId: id,
    requirementId: askedText(80),
    enrolmentId: id.optional(),
    asOf: day.optional(),
    knownAt: day.optional(),
    ...page,
    ...after,
  }),
  output: z.object({
    total: z.number().int(),
    /** behind the number too, but dated outside the reader's assignments (residency.md C) */
    notShown: z.number().int(),
    entries: z.array(
      z.object({
        entryId: id,
        state: z.enum(['submitted', 'validated']),
        performedFrom: day,
        performedTo: day,
        activities: z.array(z.string()),
        quantity: z.number(),
        autonomy: z.string().nullable(),
        classified: z.record(z.string(), z.string()),
        simulated: z.boolean(),
        /** reached through a cross credit, a subset or an addend: the id it came by */
        via: z.string().optional(),
      }),
    ),
    ...freshness,
  }),
  refusals: { 'trainee-not-found': 404, 'requirement-not-found': 404, 'known-at-in-the-future': 422 },
  readsAfter: ['school-network', 'career', 'logbook'],
  example: { traineeId: ids.trainee, requirementId: 'CHIR-402-02' },
});

export const traineeRow = z.object({
  traineeId: id,
  enrolmentId: id,
  schoolId: id,
  name: z.string(),
  cohortId: id,
  cohort: z.string(),
  trainingYear: z.number().int().nullable(),
  tutor: z.object({ personId: id, name: z.string() }).nullable(),
  /** A5 item 56; the reason of a suspension is never shown (residency.md A11.8) */
  suspended: z.boolean(),
  draft: z.number().int(),
  submitted: z.number().int(),
  validated: z.number().int(),
  /** percentage of the core set (counting.md 18) */
  definitivePercent: z.number().int().nullable(),
  provisionalPercent: z.number().int().nullable(),
  met: z.boolean(),
  missingAttestations: z.number().int(),
  lastEntryOn: day.nullable(),
});
export type TraineeRow = z.output<typeof traineeRow>;
export const listTrainees = operation({
  name: 'reporting.list-trainees',
  kind: 'query',
  summary: 'Trainees of a school (or those of a tutor) with counts and progress, sorted, filtered, searched (residency.md A5)',
  http: { method: 'GET', path: '/trainees' },
  permission: {
    anyOf: [
      { roles: ['tutor'], relation: 'my-trainee-on-date' },
      { roles: ['director', 'school-secretariat'], relation: 'my-school' },
      { roles: ['university-secretariat', 'administrator', 'integration'], relation: 'tenant' },
    ],
    scopeFilter: true,
  },
  input: z.object({
    schoolId: id.optional(),
    cohortId: id.optional(),
    trainingYear: z.coerce.number().int().optional(),
    suspended: flag.optional(),
    waiting: flag.optional(),
    search: askedText(100).optional(),
    sort: z.enum(['name', 'progress', 'submitted', 'cohort', 'last-entry']).default('name'),
    descending: flag.default(false),
    ...page,
    ...after,
  }),
  output: z.object({ total: z.number().int(), trainees: z.array(traineeRow), ...freshness }),
  refusals: {},
  readsAfter: ['identity', 'school-network', 'career', 'logbook'],
  example: { sort: 'name' },
});
export const showSchoolDashboard = operation({
  name: 'reporting.show-school-dashboard',
  kind: 'query',
  summary: 'Daily registrations, validated against pending, tutors with entries to validate, trainees with none (residency.md A4)',
  http: { method: 'GET', path: '/schools/{schoolId}/dashboard' },
  permission: { anyOf: staffOfSchool },
  input: z.object({ schoolId: id, ...after }),
  output: z.object({
    daily: z.array(z.object({ day, n: z.number().int() })),
    draft: z.number().int(),
    submitted: z.number().int(),
    validated: z.number().int(),
    trainees: z.number().int(),
    traineesWithoutEntries: z.array(z.object({ traineeId: id, name: z.string() })),
    tutors: z.number().int(),
    tutorsWithWaiting: z.array(z.object({ tutorId: id, name: z.string(), waiting: z.number().int() })),
    ...freshness,
  }),
  refusals: {},
  readsAfter: ['identity', 'school-network', 'career', 'logbook'],
  example: { schoolId: ids.school },
});

export const reportRow = z.object({
  reportId: id,
  traineeId: id,
  code: z.string(),
  issuedAt: instant,
  issuedBy: z.string(),
  locale,
  asOf: day,
  contentHash: z.string(),
  protocol: z.string().nullable(),
});
export const issueReport = operation({
  name: 'reporting.issue-report',
  kind: 'command',
  summary: "Generates the PDF of a trainee's counters; repeatable at any time (residency.md 122)",
  http: { method: 'POST', path: '/reports' },
  permission: {
    anyOf: [
      { roles: ['trainee'], relation: 'self', of: 'traineeId' },
      { roles: ['director', 'school-secretariat'], relation: 'my-school', of: 'traineeId' },
      { roles: ['university-secretariat', 'administrator'], relation: 'tenant' },
    ],
  },
  input: z.object({ reportId: id, traineeId: id, locale: locale.default('it') }),
  output: accepted.extend({ report: reportRow }),
  refusals: { 'trainee-not-found': 404, 'id-already-used': 409, 'counters-incomplete': 409, 'person-erased': 409 },
  example: { reportId: ids.report, traineeId: ids.trainee, locale: 'it' },
});
export const registerReport = operation({
  name: 'reporting.register-report',
  kind: 'command',
  summary: 'Issues the report again with its protocol number: same code and content, other bytes; both files verify',
  http: { method: 'POST', path: '/reports/{reportId}/registration' },
  permission: {
    anyOf: [
      { roles: ['school-secretariat'], relation: 'my-school', of: 'reportId' },
      { roles: ['university-secretariat', 'administrator'], relation: 'tenant' },
    ],
  },
  input: z.object({
    reportId: id,
    protocol,
  }),
  output: accepted.extend({ report: reportRow }),
  refusals: { 'report-not-found': 404, 'already-registered': 409, 'person-erased': 409 },
  example: { reportId: ids.report, protocol: '0000123/2026' },
});
export const listReports = operation({
  name: 'reporting.list-reports',
  kind: 'query',
  summary: 'Reports issued for a trainee, newest first',
  http: { method: 'GET', path: '/trainees/{traineeId}/reports' },
  permission: { anyOf: staffOfTrainee },
  input: z.object({ traineeId: id, ...after }),
  output: z.object({ reports: z.array(reportRow), ...freshness }),
  refusals: {},
  readsAfter: ['identity', 'reporting'],
  example: { traineeId: ids.trainee },
});
export const downloadReport = operation({
  name: 'reporting.download-report',
  kind: 'query',
  summary: 'The PDF of a report, as issued or as registered',
  http: { method: 'GET', path: '/reports/{reportId}/file' },
  permission: {
    anyOf: [
      { roles: ['trainee'], relation: 'self', of: 'reportId' },
      { roles: ['tutor'], relation: 'my-trainee-on-date', of: 'reportId' },
      { roles: ['director', 'school-secretariat'], relation: 'my-school', of: 'reportId' },
      { roles: ['university-secretariat', 'administrator'], relation: 'tenant' },
    ],
  },
  input: z.object({ reportId: id, registered: flag.default(true) }),
  output: storedFile,
  refusals: { 'report-not-found': 404, 'person-erased': 409 },
  download: { types: ['application/pdf'] },
  example: { reportId: ids.report },
});

const runRow = z.object({
  traineeId: id,
  name: z.string(),
  is: z.enum(['waiting', 'done', 'failed']),
  reportId: id.nullable(),
  reason: z.string().nullable(),
});
export const reportRun = z.object({
  runId: id,
  schoolId: id,
  is: z.enum(['running', 'done', 'cancelled']),
  startedAt: instant,
  total: z.number().int(),
  done: z.number().int(),
  failed: z.number().int(),
  secondsLeft: z.number().nullable(),
  rows: z.array(runRow),
});
export const startReportRun = operation({
  name: 'reporting.start-report-run',
  kind: 'command',
  summary: 'Generates the reports of many trainees of a school (residency.md 117-119)',
  http: { method: 'POST', path: '/report-runs' },
  permission: { anyOf: secretariat },
  input: z.object({ runId: id, schoolId: id, traineeIds: z.array(id).min(1).max(500), locale: locale.default('it') }),
  output: accepted.extend({ run: reportRun }),
  refusals: { 'id-already-used': 409, 'trainee-not-in-school': 422 },
  example: { runId: ids.run, schoolId: ids.school, traineeIds: [ids.trainee] },
});
export const showReportRun = operation({
  name: 'reporting.show-report-run',
  kind: 'query',
  summary: 'Progress of a report run, per report and overall',
  http: { method: 'GET', path: '/report-runs/{runId}' },
  permission: {
    anyOf: [
      { roles: ['school-secretariat'], relation: 'my-school', of: 'runId' },
      { roles: ['university-secretariat', 'administrator'], relation: 'tenant' },
    ],
  },
  input: z.object({ runId: id }),
  output: reportRun,
  refusals: { 'run-not-found': 404 },
  live: [{ topic: 'run', by: 'runId' }],
  example: { runId: ids.run },
});
export const cancelReportRun = operation({
  name: 'reporting.cancel-report-run',
  kind: 'command',
  summary: 'Stops a report run; what was generated stays',
  http: { method: 'POST', path: '/report-runs/{runId}/cancellation' },
  permission: showReportRun.permission,
  input: z.object({ runId: id }),
  output: accepted,
  refusals: { 'run-not-found': 404 },
  example: { runId: ids.run },
});
export const downloadReportRun = operation({
  name: 'reporting.download-report-run',
  kind: 'query',
  summary: 'All reports of a run: a ZIP of the accessible files, or one file for the printer',
  http: { method: 'GET', path: '/report-runs/{runId}/file' },
  permission: showReportRun.permission,
  input: z.object({ runId: id, as: z.enum(['zip', 'print']).default('zip') }),
  output: storedFile,
  refusals: { 'run-not-found': 404, 'run-not-finished': 409, 'person-erased': 409 },
  download: { types: ['application/pdf', 'application/zip'] },
  example: { runId: ids.run },
});

/** What anyone may learn of a report: no more personal data than the paper shows, and only to who holds code or file. */
export const verification = z.object({
  outcome: z.enum(['genuine', 'genuine-registered', 'genuine-person-erased', 'file-altered', 'unknown']),
  issuedAt: instant.optional(),
  asOf: day.optional(),
  protocol: z.string().nullable().optional(),
  contentHash: z.string().optional(),
  school: localised.optional(),
  /** the figures of the logbook differ today from the ones on the paper */
  movedOn: z.boolean().optional(),
});
export const verifyReport = operation({
  name: 'reporting.verify-report',
  kind: 'query',
  summary: 'Is this report genuine? By its code, and by the SHA-256 of the file where it was dropped',
  http: { method: 'GET', path: '/verification' },
  permission: { relation: 'public' },
  limit: 'verification',
  input: z
    .object({
      code: askedText(64).optional(),
      fileHash: z
        .string()
        .regex(/^[0-9a-f]{64}$/)
        .optional(),
    })
    .refine((it) => it.code || it.fileHash, { message: 'code-or-file-hash', path: ['code'] }),
  output: verification,
  refusals: {},
  example: { code: 'ABCD-1234' },
});
