import { type Localised, schoolNetworkEvents } from '@ateneo/contracts';
import { on, onStored } from '@ateneo/event-sourcing';
import { type CollectionSpec, documentsOf, projection } from '@ateneo/read-models';
import { report } from './report.decider.js';

/** A report as lists and public verification look for it; its files are found through its own stream only. */
export type ReportDocument = {
  readonly reportId: string;
  readonly traineeId: string;
  readonly enrolmentId: string;
  readonly schoolId: string;
  readonly code: string;
  readonly contentHash: string;
  readonly fileHash: string;
  readonly locale: 'it' | 'en';
  readonly asOf: string;
  readonly issuedAt: string;
  readonly issuedBy: string;
  readonly registered: { readonly protocol: string; readonly fileHash: string } | null;
};

export const reports: CollectionSpec<ReportDocument> = {
  name: 'reports',
  version: 1,
  columns: {
    traineeId: ({ traineeId }) => traineeId,
    code: ({ code }) => code,
    fileHash: ({ fileHash }) => fileHash,
    registeredHash: ({ registered }) => registered?.fileHash ?? null,
    issuedAt: ({ issuedAt }) => issuedAt,
  },
  indexes: [['traineeId'], ['code'], ['fileHash'], ['registeredHash']],
};

export const reportsProjection = projection({
  name: 'reports',
  version: 1,
  parts: [
    documentsOf(reports, {
      on: onStored(report, {
        ReportIssued({ data, at, actorId }) {
          const { reportId, traineeId, enrolmentId, schoolId, code, contentHash, fileHash, locale, asOf } = data;
          const issued = { reportId, traineeId, enrolmentId, schoolId, code, contentHash, fileHash, locale, asOf };
          return { ...issued, issuedAt: at, issuedBy: actorId, registered: null };
        },
        ReportRegistered: ({ data: { protocol, fileHash } }, before) => before && { ...before, registered: { protocol, fileHash } },
      }),
    }),
  ],
});

type University = { readonly universityId: string; readonly name: Localised };
export const universities: CollectionSpec<University> = { name: 'universities', version: 1, columns: {} };

/** The name that stands at the head of every report. */
export const universitiesProjection = projection({
  name: 'universities',
  version: 1,
  parts: [
    documentsOf(universities, {
      by: 'universityId',
      on: on(schoolNetworkEvents.universityRegistered, ({ data: { universityId, name } }) => ({ universityId, name })),
    }),
  ],
});
