import { reportingEvents } from '@ateneo/contracts';
import { idOf, publishing, type StoredEvent, told, traineeIn } from '@ateneo/event-sourcing';
import { report } from './report.decider.js';

const keyOf = ({ stream, metadata: { scope } }: Pick<StoredEvent, 'stream' | 'metadata'>) => ({
  reportId: idOf(stream),
  ...traineeIn(scope),
});

/** Hashes, language and day are public; code and files stay here. */
export const reportPublished = publishing(report, {
  ReportIssued(event) {
    const { enrolmentId, contentHash, fileHash, locale, asOf } = event.data;
    return told(reportingEvents.reportIssued, { ...keyOf(event), enrolmentId, contentHash, fileHash, locale, asOf });
  },
  ReportRegistered(event) {
    const { enrolmentId, protocol, fileHash } = event.data;
    return told(reportingEvents.reportRegistered, { ...keyOf(event), enrolmentId, protocol, fileHash });
  },
});
