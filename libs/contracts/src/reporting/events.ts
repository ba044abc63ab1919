import { z } from 'zod';
import { publicEvent } from '../contract.js';
import { day, id, locale } from '../values.js';

const ids = {
  reportId: '0198c0de-0000-7000-8000-000000000040',
  enrolmentId: '0198c0de-0000-7000-8000-000000000020',
  traineeId: '0198c0de-0000-7000-8000-000000000001',
  schoolId: '0198c0de-0000-7000-8000-000000000010',
};
const key = { reportId: id, enrolmentId: id, traineeId: id, schoolId: id };
const hash = z.string().regex(/^[0-9a-f]{64}$/);
const zeros = '0'.repeat(64);

export const reportIssued = publicEvent({
  type: 'reporting.report-issued.v1',
  summary: 'A PDF report was generated; `contentHash` is of its figures, `fileHash` of its bytes',
  data: z.object({ ...key, contentHash: hash, fileHash: hash, locale, asOf: day }),
  example: { ...ids, contentHash: zeros, fileHash: zeros, locale: 'it', asOf: '2026-11-20' },
});
export const reportRegistered = publicEvent({
  type: 'reporting.report-registered.v1',
  summary: 'The report got a protocol number and was issued again with it: same code and content, other bytes',
  data: z.object({ ...key, protocol: z.string(), fileHash: hash }),
  example: { ...ids, protocol: '0000123/2026', fileHash: zeros },
});
