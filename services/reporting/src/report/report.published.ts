import type { StoredEvent } from '@ateneo/event-sourcing';
import type { Published } from '@ateneo/messaging';
import type { ReportEvent } from './report.decider.js';

type Stored<T extends ReportEvent['type']> = Omit<Extract<ReportEvent, { type: T }>, 'type'>;

/** Hashes, language and day are public; code and files stay here. */
export function reportPublished({ type, data, stream, metadata: { scope } }: StoredEvent): Published {
  const key = { reportId: stream.slice(stream.indexOf('-') + 1), traineeId: scope.traineeId, schoolId: scope.schoolId };
  if (type === 'ReportIssued') {
    const { enrolmentId, contentHash, fileHash, locale, asOf } = data as Stored<'ReportIssued'>;
    return { type: 'reporting.report-issued.v1', data: { ...key, enrolmentId, contentHash, fileHash, locale, asOf } };
  }
  const { enrolmentId, protocol, fileHash } = data as Stored<'ReportRegistered'>;
  return { type: 'reporting.report-registered.v1', data: { ...key, enrolmentId, protocol, fileHash } };
}
