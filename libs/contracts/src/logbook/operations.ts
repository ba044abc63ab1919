import { z } from 'zod';
import { operation } from '../contract.js';
import {
  accepted,
  after,
  askedText,
  classified,
  code,
  day,
  flag,
  freshness,
  id,
  instant,
  page,
  personalText,
  personalTextOrBlank,
  secretText,
} from '../values.js';
import { certified, entryFacts, entryKind, entryState } from './events.js';

const ids = {
  entry: '0198c0de-0000-7000-8000-000000000030',
  batch: '0198c0de-0000-7000-8000-000000000031',
  trainee: '0198c0de-0000-7000-8000-000000000001',
  school: '0198c0de-0000-7000-8000-000000000010',
  enrolment: '0198c0de-0000-7000-8000-000000000020',
};
const author = { anyOf: [{ roles: ['trainee'], relation: 'self', of: 'entryId' }] } as const;
const validators = {
  anyOf: [
    { roles: ['tutor'], relation: 'my-trainee-on-date', of: 'entryId' },
    { roles: ['director'], relation: 'my-school', of: 'entryId' },
  ],
} as const;

/** What the trainee types: `performedOn` for an act, `periodFrom`/`periodTo` for a rotation. */
export const entryInput = z.object({
  kind: entryKind.default('professional'),
  activities: z.array(code(80)).min(1).max(12),
  performedOn: day.nullable().default(null),
  periodFrom: day.nullable().default(null),
  periodTo: day.nullable().default(null),
  unitId: id.nullable().default(null),
  quantity: z.number().int().min(1).max(500).default(1),
  autonomy: code(40).nullable().default(null),
  classified,
  simulated: z.boolean().default(false),
  credits: z.number().nonnegative().max(400).multipleOf(0.25).nullable().default(null),
  note: personalTextOrBlank(2000).default(''),
});
/** Every command on an entry answers which revision it is now. */
const changed = accepted.extend({ revision: z.number().int() });
export type EntryInput = z.output<typeof entryInput>;

/** Refusals of a decider that looks at what an entry says; each names the field in its details. */
const contentRefusals = {
  'trainee-not-known-yet': 409,
  'outside-contract': 422,
  'trainee-suspended': 422,
  'entry-inside-suspension': 422,
  'entry-in-the-future': 422,
  'activity-not-in-catalogue': 422,
  'activities-of-different-kinds': 422,
  'two-parts-of-one-requirement': 422,
  'classification-missing': 422,
  'classification-unknown': 422,
  'autonomy-unknown': 422,
  'quantity-out-of-range': 422,
  'date-missing': 422,
  'period-reversed': 422,
  'credits-missing': 422,
  'unit-not-in-network': 422,
  'patient-data': 422,
} as const;

export const recordEntry = operation({
  name: 'logbook.record-entry',
  kind: 'command',
  summary: 'A trainee logs an activity; with `submit` it is sent for validation in the same append',
  http: { method: 'POST', path: '/logbook/entries' },
  permission: { anyOf: [{ roles: ['trainee'], relation: 'self' }] },
  input: entryInput.extend({ entryId: id, enrolmentId: id.optional(), submit: z.boolean().default(false) }),
  output: changed.extend({ entryId: id }),
  refusals: { 'id-already-used': 409, ...contentRefusals },
  example: {
    entryId: ids.entry,
    activities: ['CHIR-402-02'],
    performedOn: '2026-11-02',
    autonomy: 'guided',
    classified: { 'surgical-role': 'second-operator' },
    submit: true,
  },
});
export const amendEntry = operation({
  name: 'logbook.amend-entry',
  kind: 'command',
  summary: 'Changes a draft',
  http: { method: 'PUT', path: '/logbook/entries/{entryId}' },
  permission: author,
  input: entryInput.extend({ entryId: id, submit: z.boolean().default(false), revision: z.number().int().optional() }),
  output: changed.extend({ entryId: id }),
  refusals: { 'entry-not-found': 404, 'entry-not-a-draft': 409, 'entry-changed-meanwhile': 409, ...contentRefusals },
  example: {
    entryId: ids.entry,
    activities: ['CHIR-402-02'],
    performedOn: '2026-11-02',
    classified: { 'surgical-role': 'first-operator' },
  },
});
export const submitEntry = operation({
  name: 'logbook.submit-entry',
  kind: 'command',
  summary: 'Sends a draft for validation',
  http: { method: 'POST', path: '/logbook/entries/{entryId}/submission' },
  permission: author,
  input: z.object({ entryId: id }),
  output: changed,
  refusals: { 'entry-not-found': 404, 'entry-not-a-draft': 409, ...contentRefusals },
  example: { entryId: ids.entry },
});
export const withdrawEntry = operation({
  name: 'logbook.withdraw-entry',
  kind: 'command',
  summary: 'Takes a submitted entry back to draft',
  http: { method: 'DELETE', path: '/logbook/entries/{entryId}/submission' },
  permission: author,
  input: z.object({ entryId: id }),
  output: changed,
  refusals: { 'entry-not-found': 404, 'entry-not-submitted': 409, 'trainee-suspended': 422 },
  example: { entryId: ids.entry },
});
export const discardEntry = operation({
  name: 'logbook.discard-entry',
  kind: 'command',
  summary: 'Throws a draft away',
  http: { method: 'DELETE', path: '/logbook/entries/{entryId}' },
  permission: author,
  input: z.object({ entryId: id }),
  output: changed,
  refusals: { 'entry-not-found': 404, 'entry-not-a-draft': 409, 'trainee-suspended': 422 },
  example: { entryId: ids.entry },
});
const validationRefusals = {
  'entry-not-found': 404,
  'entry-not-submitted': 409,
  'entry-changed-meanwhile': 409,
  'entry-validated-by-its-author': 422,
  'no-assignment-on-that-day': 422,
  'only-the-director-validates-past-activities': 422,
  'classification-unknown': 422,
  'autonomy-unknown': 422,
  'cross-credit-due': 422,
  'cross-credit-not-allowed': 422,
} as const;
export const validateEntry = operation({
  name: 'logbook.validate-entry',
  kind: 'command',
  summary: 'Certifies an entry, correcting role, level or classification where needed; decides the cross credit where one is due',
  http: { method: 'POST', path: '/logbook/entries/{entryId}/validation' },
  permission: validators,
  input: z.object({
    entryId: id,
    revision: z.number().int().optional(),
    autonomy: code(40).nullable().optional(),
    classified: classified.optional(),
    creditedTo: code(80).nullable().default(null),
  }),
  output: changed,
  refusals: validationRefusals,
  example: { entryId: ids.entry },
});
export const returnEntry = operation({
  name: 'logbook.return-entry',
  kind: 'command',
  summary: 'Gives a submitted entry back to its author with a reason (residency.md 64)',
  http: { method: 'POST', path: '/logbook/entries/{entryId}/return' },
  permission: validators,
  input: z.object({ entryId: id, reason: personalText(1000) }),
  output: changed,
  refusals: {
    'entry-not-found': 404,
    'entry-not-submitted': 409,
    'not-for-non-professional': 422,
    'no-assignment-on-that-day': 422,
    'only-the-director-validates-past-activities': 422,
    'patient-data': 422,
  },
  example: { entryId: ids.entry, reason: 'Manca il ruolo' },
});
export const rejectEntry = operation({
  name: 'logbook.reject-entry',
  kind: 'command',
  summary: 'Refuses a submitted entry for good with a reason (residency.md 63)',
  http: { method: 'POST', path: '/logbook/entries/{entryId}/rejection' },
  permission: validators,
  input: returnEntry.input,
  output: changed,
  refusals: returnEntry.refusals,
  example: { entryId: ids.entry, reason: 'Non risulta in sala' },
});
export const reverseValidation = operation({
  name: 'logbook.reverse-validation',
  kind: 'command',
  summary: 'Takes a validation back by a recorded act with a reason: submitted again',
  http: { method: 'POST', path: '/logbook/entries/{entryId}/reversal' },
  permission: validators,
  input: z.object({ entryId: id, reason: personalText(1000) }),
  output: changed,
  refusals: { 'entry-not-found': 404, 'entry-not-validated': 409, 'not-your-validation': 422, 'patient-data': 422 },
  example: { entryId: ids.entry, reason: 'Convalidata per errore' },
});
const bulkItem = z.object({ entryId: id, revision: z.number().int() });
export const validateEntries = operation({
  name: 'logbook.validate-entries',
  kind: 'command',
  summary: 'Validates exactly the rows shown, by id and revision; answers entry by entry (residency.md E2.10)',
  http: { method: 'POST', path: '/logbook/validations' },
  permission: {
    anyOf: [
      { roles: ['tutor'], relation: 'my-trainee-on-date' },
      { roles: ['director'], relation: 'my-school' },
    ],
    scopeFilter: true,
  },
  input: z.object({ batchId: id, entries: z.array(bulkItem).min(1).max(1000) }),
  output: accepted.extend({
    batchId: id,
    results: z.array(z.object({ entryId: id, ok: z.boolean(), code: z.string().optional(), revision: z.number().int().optional() })),
    validated: z.number().int(),
    undoUntil: instant,
  }),
  refusals: {},
  example: { batchId: ids.batch, entries: [{ entryId: ids.entry, revision: 1 }] },
});
export const previewValidation = operation({
  name: 'logbook.preview-validation',
  kind: 'query',
  summary: 'What a bulk validation would touch: how many, whose, which period, what looks odd',
  http: { method: 'POST', path: '/logbook/validation-previews' },
  permission: validateEntries.permission,
  input: z.object({ entries: z.array(bulkItem).min(1).max(1000) }),
  output: z.object({
    total: z.number().int(),
    ready: z.number().int(),
    trainees: z.array(z.object({ traineeId: id, name: z.string(), n: z.number().int() })),
    from: day.nullable(),
    to: day.nullable(),
    refused: z.array(z.object({ entryId: id, code: z.string() })),
    odd: z.array(
      z.object({
        entryId: id,
        code: z.enum([
          'many-on-one-day',
          'large-quantity',
          'logged-long-after',
          'possible-duplicate',
          'cross-credit-due',
          'suspended-later',
          'highest-autonomy-early',
        ]),
        detail: z.string(),
      }),
    ),
  }),
  refusals: {},
  example: { entries: [{ entryId: ids.entry, revision: 1 }] },
});
export const undoValidations = operation({
  name: 'logbook.undo-validations',
  kind: 'command',
  summary: 'Takes back an own bulk validation within 10 minutes: a recorded reversal of each entry (residency.md E9)',
  http: { method: 'POST', path: '/logbook/validations/{batchId}/reversal' },
  permission: validateEntries.permission,
  input: z.object({ batchId: id, entryIds: z.array(id).min(1).max(1000) }),
  output: accepted.extend({
    results: z.array(z.object({ entryId: id, ok: z.boolean(), code: z.string().optional(), revision: z.number().int().optional() })),
    reversed: z.number().int(),
  }),
  refusals: {},
  example: { batchId: ids.batch, entryIds: [ids.entry] },
});
export const keepEntry = operation({
  name: 'logbook.keep-entry',
  kind: 'command',
  summary: 'The director keeps an entry that a later suspension called into question, with a reason (counting.md 15)',
  http: { method: 'POST', path: '/logbook/entries/{entryId}/review' },
  permission: { anyOf: [{ roles: ['director'], relation: 'my-school', of: 'entryId' }] },
  input: z.object({ entryId: id, reason: personalText(1000) }),
  output: changed,
  refusals: { 'entry-not-found': 404, 'patient-data': 422 },
  example: { entryId: ids.entry, reason: 'Presenza verificata sul registro operatorio' },
});

export const flagCode = z.enum(['inside-suspension', 'outside-contract', 'periods-overlap']);
export const entryView = entryFacts.extend({
  entryId: id,
  revision: z.number().int(),
  state: entryState,
  traineeId: id,
  enrolmentId: id,
  schoolId: id,
  trainee: z.string(),
  note: z.string(),
  recordedAt: instant,
  submittedAt: instant.nullable(),
  decidedAt: instant.nullable(),
  validatorId: id.nullable(),
  validator: z.string().nullable(),
  certified: certified.nullable(),
  creditedTo: z.string().nullable(),
  batchId: id.nullable(),
  /** why it came back or was refused */
  reason: z.string().nullable(),
  importId: id.nullable(),
  flags: z.array(flagCode),
});
export type EntryView = z.output<typeof entryView>;

const readers = [
  { roles: ['trainee'], relation: 'self' },
  { roles: ['tutor'], relation: 'my-trainee-on-date' },
  { roles: ['director', 'school-secretariat'], relation: 'my-school' },
  { roles: ['university-secretariat', 'administrator'], relation: 'tenant' },
] as const;
export const listEntries = operation({
  name: 'logbook.list-entries',
  kind: 'query',
  summary: "Entries: a trainee's own, those of a tutor's trainees dated inside an assignment, those of a school",
  http: { method: 'GET', path: '/logbook/entries' },
  permission: { anyOf: readers, scopeFilter: true },
  input: z.object({
    traineeId: id.optional(),
    schoolId: id.optional(),
    state: entryState.optional(),
    kind: entryKind.optional(),
    activity: askedText(80).optional(),
    from: day.optional(),
    to: day.optional(),
    batchId: id.optional(),
    importId: id.optional(),
    flagged: flag.optional(),
    /** joined by commas */ ids: z
      .string()
      .max(8000)
      .regex(/^[0-9a-fA-F,-]*$/, 'ids')
      .toLowerCase()
      .optional(),
    sort: z.enum(['performed', 'recorded', 'submitted']).default('performed'),
    descending: flag.default(true),
    ...page,
    ...after,
  }),
  output: z.object({ total: z.number().int(), entries: z.array(entryView), byState: z.record(z.string(), z.number()), ...freshness }),
  refusals: {},
  readsAfter: ['identity', 'school-network', 'career', 'logbook'],
  example: { state: 'submitted' },
});
export const showEntry = operation({
  name: 'logbook.show-entry',
  kind: 'query',
  summary: 'One entry and its story: who did what and when (residency.md E2)',
  http: { method: 'GET', path: '/logbook/entries/{entryId}' },
  permission: {
    anyOf: [
      { roles: ['trainee'], relation: 'self', of: 'entryId' },
      { roles: ['tutor'], relation: 'my-trainee-on-date', of: 'entryId' },
      { roles: ['director', 'school-secretariat'], relation: 'my-school', of: 'entryId' },
      { roles: ['university-secretariat', 'administrator'], relation: 'tenant' },
    ],
  },
  input: z.object({ entryId: id, ...after }),
  output: z.object({
    entry: entryView,
    story: z.array(
      z.object({ at: instant, actorId: z.string(), actor: z.string(), type: z.string(), detail: z.record(z.string(), z.unknown()) }),
    ),
    ...freshness,
  }),
  refusals: { 'entry-not-found': 404 },
  readsAfter: ['identity', 'school-network', 'career', 'logbook'],
  example: { entryId: ids.entry },
});
export const listWaiting = operation({
  name: 'logbook.list-waiting',
  kind: 'query',
  summary: 'How many entries wait for me: a page of trainees and days, all trainees and, where asked for, the latest 400 days',
  http: { method: 'GET', path: '/logbook/waiting' },
  permission: {
    anyOf: [
      { roles: ['tutor'], relation: 'my-trainee-on-date' },
      { roles: ['director'], relation: 'my-school' },
    ],
    scopeFilter: true,
  },
  input: z.object({ traineeId: id.optional(), days: flag.default(false), ...page, ...after }),
  output: z.object({
    total: z.number().int(),
    groups: z.array(z.object({ traineeId: id, trainee: z.string(), day, n: z.number().int() })),
    trainees: z.array(z.object({ traineeId: id, trainee: z.string(), n: z.number().int() })),
    days: z.array(day),
    ...freshness,
  }),
  refusals: {},
  live: [{ topic: 'waiting', by: null }],
  readsAfter: ['identity', 'school-network', 'career', 'logbook'],
  example: {},
});
export const showLoggingHelp = operation({
  name: 'logbook.show-logging-help',
  kind: 'query',
  summary: 'What the entry form offers first: recent and favourite activities with the values of last time',
  http: { method: 'GET', path: '/logbook/suggestions' },
  permission: { anyOf: [{ roles: ['trainee'], relation: 'self' }] },
  input: z.object({ ...after }),
  output: z.object({
    enrolment: z
      .object({ enrolmentId: id, schoolId: id, cohortId: id, contractStart: day, contractEnd: day, suspendedToday: z.boolean() })
      .nullable(),
    recent: z.array(
      z.object({
        activities: z.array(z.string()),
        unitId: id.nullable(),
        autonomy: z.string().nullable(),
        classified: z.record(z.string(), z.string()),
        quantity: z.number().int(),
        lastOn: day,
      }),
    ),
    favourites: z.array(z.string()),
    ...freshness,
  }),
  refusals: {},
  readsAfter: ['career', 'logbook'],
  example: {},
});
export const starActivity = operation({
  name: 'logbook.star-activity',
  kind: 'command',
  summary: 'Adds an activity to the favourites, or takes it away',
  http: { method: 'PUT', path: '/logbook/favourites/{activity}' },
  permission: { anyOf: [{ roles: ['trainee'], relation: 'self' }] },
  input: z.object({ activity: code(80), starred: z.boolean() }),
  output: accepted,
  refusals: {},
  example: { activity: 'CHIR-402-02', starred: true },
});

export const attestRequirement = operation({
  name: 'logbook.attest-requirement',
  kind: 'command',
  summary: 'A tutor attests a requirement that has no number (counting.md 13, 30)',
  http: { method: 'PUT', path: '/trainees/{traineeId}/attestations/{requirementId}' },
  permission: {
    anyOf: [
      { roles: ['tutor'], relation: 'my-trainee-on-date', of: 'traineeId' },
      { roles: ['director'], relation: 'my-school', of: 'traineeId' },
    ],
  },
  input: z.object({ traineeId: id, enrolmentId: id.optional(), requirementId: code(80), from: day.optional() }),
  output: accepted,
  refusals: {
    'trainee-not-known-yet': 409,
    'requirement-not-qualitative': 422,
    'outside-contract': 422,
    'attestation-in-the-future': 422,
    'no-assignment-on-that-day': 422,
    'attested-by-the-trainee': 422,
    'already-attested': 409,
  },
  example: { traineeId: ids.trainee, requirementId: 'CHIR-402-05' },
});
export const revokeAttestation = operation({
  name: 'logbook.revoke-attestation',
  kind: 'command',
  summary: 'Revokes an attestation with a reason; the day of revocation is the first day without it (counting.md 13, 30)',
  http: { method: 'POST', path: '/trainees/{traineeId}/attestations/{requirementId}/revocation' },
  permission: attestRequirement.permission,
  input: z.object({
    traineeId: id,
    enrolmentId: id.optional(),
    requirementId: code(80),
    reason: personalText(1000),
    from: day.optional().meta({ description: 'The first day without it, from the first day of the attestation to today; default: today' }),
  }),
  output: accepted,
  refusals: { 'trainee-not-known-yet': 409, 'attestation-not-found': 404, 'revocation-outside-attestation': 422, 'patient-data': 422 },
  example: { traineeId: ids.trainee, requirementId: 'CHIR-402-05', reason: 'Da ripetere dopo la rotazione', from: '2026-11-20' },
});
export const withdrawAttestation = operation({
  name: 'logbook.withdraw-attestation',
  kind: 'command',
  summary: 'Withdraws a mistaken attestation with a reason, as if never given; the story keeps both (counting.md 30)',
  http: { method: 'POST', path: '/trainees/{traineeId}/attestations/{requirementId}/withdrawal' },
  permission: attestRequirement.permission,
  input: z.object({
    traineeId: id,
    enrolmentId: id.optional(),
    requirementId: code(80),
    reason: personalText(1000),
    from: day.optional().meta({ description: 'The day on which the mistaken one began; default: the newest' }),
  }),
  output: accepted,
  refusals: { 'trainee-not-known-yet': 409, 'attestation-not-found': 404, 'patient-data': 422 },
  example: { traineeId: ids.trainee, requirementId: 'CHIR-402-05', reason: 'Data per errore', from: '2026-11-02' },
});

/** Import: residency.md D (historical logbooks), counting.md 25; columns in docs/import.md. */
export const rowFate = z.object({
  line: z.number().int(),
  externalId: z.string(),
  fate: z.enum(['new', 'new-as-submitted', 'amends-draft', 'already-there', 'refused']),
  column: z.string().nullable(),
  code: z.string().nullable(),
  detail: z.string().nullable(),
  entryId: id.nullable(),
});
export const importView = z.object({
  importId: id,
  schoolId: id,
  is: z.enum(['checking', 'checked', 'importing', 'done', 'failed']),
  fileName: z.string(),
  startedAt: instant,
  rows: z.number().int(),
  processed: z.number().int(),
  fates: z.object({
    new: z.number().int(),
    'new-as-submitted': z.number().int(),
    'amends-draft': z.number().int(),
    'already-there': z.number().int(),
    refused: z.number().int(),
  }),
  problem: z.string().nullable(),
});
export type ImportView = z.output<typeof importView>;
const importers = (of: string) =>
  ({
    anyOf: [
      { roles: ['school-secretariat'], relation: 'my-school', of },
      { roles: ['university-secretariat', 'administrator'], relation: 'tenant' },
    ],
  }) as const;
/** What one import file may hold: 20 MiB. */
export const IMPORT_LIMITS = { bytes: 20 * 1024 * 1024, rows: 60_000 } as const;
export const startImport = operation({
  name: 'logbook.start-import',
  kind: 'command',
  summary: `Checks a CSV of entries row by row without storing any: the dry run; at most ${IMPORT_LIMITS.rows} rows and ${IMPORT_LIMITS.bytes} bytes`,
  http: { method: 'POST', path: '/logbook/imports' },
  permission: importers('schoolId'),
  upload: { types: ['text/csv'], maxBytes: IMPORT_LIMITS.bytes },
  input: z.object({
    importId: id,
    schoolId: id,
    fileName: personalText(200).default('import.csv'),
    fileId: secretText(200, 0).default(''),
  }),
  output: accepted.extend({ import: importView }),
  refusals: { 'id-already-used': 409, 'school-not-known-yet': 409, 'file-missing': 422, 'file-too-large': 422 },
  example: { importId: ids.batch, schoolId: ids.school },
});
export const confirmImport = operation({
  name: 'logbook.confirm-import',
  kind: 'command',
  summary: 'Carries out a checked import; with refused rows only when `onlyGood` asks for it',
  http: { method: 'POST', path: '/logbook/imports/{importId}/confirmation' },
  permission: importers('importId'),
  input: z.object({ importId: id, onlyGood: z.boolean().default(false) }),
  output: accepted.extend({ import: importView }),
  refusals: { 'import-not-found': 404, 'import-not-checked': 409, 'import-has-refused-rows': 409 },
  example: { importId: ids.batch },
});
export const showImport = operation({
  name: 'logbook.show-import',
  kind: 'query',
  summary: 'Progress and counts of an import',
  http: { method: 'GET', path: '/logbook/imports/{importId}' },
  permission: importers('importId'),
  input: z.object({ importId: id }),
  output: importView,
  refusals: { 'import-not-found': 404 },
  live: [{ topic: 'import', by: 'importId' }],
  example: { importId: ids.batch },
});
export const listImportRows = operation({
  name: 'logbook.list-import-rows',
  kind: 'query',
  summary: 'Fate of each row with line, column and reason',
  http: { method: 'GET', path: '/logbook/imports/{importId}/rows' },
  permission: importers('importId'),
  input: z.object({ importId: id, fate: rowFate.shape.fate.optional(), ...page }),
  output: z.object({ total: z.number().int(), rows: z.array(rowFate) }),
  refusals: { 'import-not-found': 404 },
  example: { importId: ids.batch, fate: 'refused' },
});
