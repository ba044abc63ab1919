import type { DataOf, Localised, schoolNetworkEvents } from '@ateneo/contracts';
import { type CollectionSpec, documentProjection } from '@ateneo/read-models';
import type { ReportEvent } from './report.decider.js';

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

export const reportsProjection = documentProjection<ReportDocument>({
  name: 'reports',
  version: 1,
  collection: reports,
  own: ['ReportIssued', 'ReportRegistered'],
  key: ({ stream }) => stream.slice(stream.indexOf('-') + 1),
  evolve(before, { type, data, at, actorId }) {
    const event = { ...data, type } as ReportEvent;
    if (event.type === 'ReportIssued') {
      const { reportId, traineeId, enrolmentId, schoolId, code, contentHash, fileHash, locale, asOf } = event;
      return {
        reportId,
        traineeId,
        enrolmentId,
        schoolId,
        code,
        contentHash,
        fileHash,
        locale,
        asOf,
        issuedAt: at,
        issuedBy: actorId,
        registered: null,
      };
    }
    return before && { ...before, registered: { protocol: event.protocol, fileHash: event.fileHash } };
  },
});

type University = { readonly universityId: string; readonly name: Localised };
export const universities: CollectionSpec<University> = { name: 'universities', version: 1, columns: {} };

/** The name that stands at the head of every report. */
export const universitiesProjection = documentProjection<University>({
  name: 'universities',
  version: 1,
  collection: universities,
  public: ['school-network.university-registered.v1'],
  key: ({ data }) => data.universityId as string,
  evolve(_before, { data }) {
    const { universityId, name } = data as DataOf<typeof schoolNetworkEvents.universityRegistered>;
    return { universityId, name };
  },
});
