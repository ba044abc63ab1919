import { z } from 'zod';
import { publicEvent } from '../contract.js';
import { classified, day, id } from '../values.js';

const ids = {
  entryId: '0198c0de-0000-7000-8000-000000000030',
  enrolmentId: '0198c0de-0000-7000-8000-000000000020',
  traineeId: '0198c0de-0000-7000-8000-000000000001',
  schoolId: '0198c0de-0000-7000-8000-000000000010',
};
/** In every event of an entry. */
const key = { entryId: id, enrolmentId: id, traineeId: id, schoolId: id };
const batch = '0198c0de-0000-7000-8000-000000000031';

export const entryKind = z.enum(['professional', 'non-professional', 'past']);
export const entryState = z.enum(['draft', 'submitted', 'validated', 'rejected', 'discarded']);

/** What was done, without the personal note. For an act `performedFrom` = `performedTo`; a period records time only (counting.md 8). */
export const entryFacts = z.object({
  kind: entryKind,
  activities: z.array(z.string()).min(1).max(12),
  period: z.boolean(),
  performedFrom: day,
  performedTo: day,
  unitId: id.nullable(),
  quantity: z.number().int().min(1),
  autonomy: z.string().nullable(),
  classified,
  simulated: z.boolean(),
  credits: z.number().nonnegative().nullable(),
});
export type EntryFacts = z.output<typeof entryFacts>;
/** Recorded in full by each validation, copied from the claim where nothing was changed (counting.md 3). */
export const certified = z.object({ autonomy: z.string().nullable(), classified });
export type Certified = z.output<typeof certified>;

const facts = {
  kind: 'professional',
  activities: ['CHIR-402-02'],
  period: false,
  performedFrom: '2026-11-02',
  performedTo: '2026-11-02',
  unitId: null,
  quantity: 1,
  autonomy: 'guided',
  classified: { 'surgical-role': 'second-operator' },
  simulated: false,
  credits: null,
} as const;

export const entryRecorded = publicEvent({
  type: 'logbook.entry-recorded.v1',
  summary: 'A trainee (or an import) logged an activity: a draft',
  data: z.object({ ...key, ...entryFacts.shape, importId: id.nullable() }),
  ofDraft: true,
  example: { ...ids, ...facts, activities: [...facts.activities], importId: null },
});
export const entryAmended = publicEvent({
  type: 'logbook.entry-amended.v1',
  summary: 'A draft was changed; these are all its facts now',
  data: z.object({ ...key, ...entryFacts.shape }),
  ofDraft: true,
  example: { ...ids, ...facts, activities: [...facts.activities], quantity: 2 },
});
export const entryDiscarded = publicEvent({
  type: 'logbook.entry-discarded.v1',
  summary: 'A draft was thrown away by its author',
  data: z.object(key),
  ofDraft: true,
  example: ids,
});
export const entrySubmitted = publicEvent({
  type: 'logbook.entry-submitted.v1',
  summary: 'A draft waits for validation: it counts in the provisional counter',
  data: z.object(key),
  example: ids,
});
export const entryWithdrawn = publicEvent({
  type: 'logbook.entry-withdrawn.v1',
  summary: 'The author took a submitted entry back: a draft again',
  data: z.object(key),
  example: ids,
});
export const entryReturned = publicEvent({
  type: 'logbook.entry-returned.v1',
  summary: 'The validator gave it back to be changed, with a reason that is not published: a draft again',
  data: z.object(key),
  example: ids,
});
export const entryRejected = publicEvent({
  type: 'logbook.entry-rejected.v1',
  summary: 'The validator refused it for good, with a reason that is not published',
  data: z.object(key),
  example: ids,
});
export const entryValidated = publicEvent({
  type: 'logbook.entry-validated.v1',
  summary: 'The validator certified it: it counts in both counters with the certified values',
  data: z.object({ ...key, validatorId: id, certified, creditedTo: z.string().nullable(), batchId: id.nullable() }),
  example: {
    ...ids,
    validatorId: '0198c0de-0000-7000-8000-000000000002',
    certified: { autonomy: 'guided', classified: { 'surgical-role': 'second-operator' } },
    creditedTo: null,
    batchId: null,
  },
});
export const validationReversed = publicEvent({
  type: 'logbook.validation-reversed.v1',
  summary: 'A validation was taken back by a recorded act: submitted again',
  data: z.object({ ...key, batchId: id.nullable() }),
  example: { ...ids, batchId: batch },
});
export const entryKeptUnderReview = publicEvent({
  type: 'logbook.entry-kept.v1',
  summary: 'The director keeps an entry that a later fact (a suspension) called into question (counting.md 15)',
  data: z.object(key),
  example: ids,
});

const attestation = { attestationId: id, enrolmentId: id, traineeId: id, schoolId: id, requirementId: z.string() };
const attestationExample = {
  attestationId: batch,
  enrolmentId: ids.enrolmentId,
  traineeId: ids.traineeId,
  schoolId: ids.schoolId,
  requirementId: 'CHIR-402-05',
};
export const requirementAttested = publicEvent({
  type: 'logbook.requirement-attested.v1',
  summary: 'A tutor attests a requirement that has no number, from `from` on; several may follow each other (counting.md 13, 30)',
  data: z.object({ ...attestation, from: day }),
  example: { ...attestationExample, from: '2026-11-02' },
});
export const attestationRevoked = publicEvent({
  type: 'logbook.attestation-revoked.v1',
  summary: 'The attestation is revoked: `from` is the first day without it',
  data: z.object({ ...attestation, from: day }),
  example: { ...attestationExample, from: '2026-11-20' },
});
export const attestationWithdrawn = publicEvent({
  type: 'logbook.attestation-withdrawn.v1',
  summary: 'The attestation that began on `from` was a mistake: it counts as if never given (counting.md 30)',
  data: z.object({ ...attestation, from: day }),
  example: { ...attestationExample, from: '2026-11-02' },
});
export const importFinished = publicEvent({
  type: 'logbook.import-finished.v1',
  summary: 'A CSV import was carried out; the rows stand as entries',
  data: z.object({
    importId: id,
    schoolId: id,
    rows: z.number().int(),
    imported: z.number().int(),
    alreadyThere: z.number().int(),
    refused: z.number().int(),
  }),
  example: { importId: batch, schoolId: ids.schoolId, rows: 3, imported: 2, alreadyThere: 0, refused: 1 },
});
