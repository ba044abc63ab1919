import { type Decider, reject } from '@ateneo/event-sourcing';

type Locale = 'it' | 'en';
type Issued = {
  readonly reportId: string;
  readonly traineeId: string;
  readonly enrolmentId: string;
  readonly schoolId: string;
  /** 128 bits in hexadecimal, as printed and in the QR */
  readonly code: string;
  readonly contentHash: string;
  readonly fileHash: string;
  readonly locale: Locale;
  readonly asOf: string;
  /** the PDF in the files port */
  readonly fileRef: string;
  /** what was printed, so that it can be printed again with a protocol number */
  readonly modelRef: string;
};
type Registered = { readonly protocol: string; readonly fileHash: string; readonly fileRef: string };

export type ReportCommand = ({ type: 'IssueReport' } & Issued) | ({ type: 'RegisterReport' } & Registered);
export type ReportEvent =
  // the stored format: add, never rename or remove
  ({ type: 'ReportIssued' } & Issued) | ({ type: 'ReportRegistered'; enrolmentId: string } & Registered);
type Since = { readonly issuedAt: string; readonly issuedBy: string };
export type Report =
  | { readonly is: 'absent' }
  | ({ readonly is: 'issued' } & Issued & Since)
  | ({ readonly is: 'registered'; readonly registered: Registered } & Issued & Since);
export type IssuedReport = Exclude<Report, { is: 'absent' }>;

/** A printed report of a trainee's counters: issued at any time, registered once with a protocol number (residency.md 114-132, DPR 445/2000 art. 57). */
export const report: Decider<Report, ReportCommand, ReportEvent> = {
  category: 'reportingReport',
  initial: { is: 'absent' },
  // a file's id is also its key: under the trainee's key the file can be read as long as the trainee is not erased
  personal: { ReportIssued: { fields: ['fileRef', 'modelRef'] }, ReportRegistered: { fields: ['fileRef'] } },
  scope: (state) => (state.is === 'absent' ? {} : { schoolId: state.schoolId, traineeId: state.traineeId }),
  decide(command, state) {
    if (command.type === 'IssueReport') return state.is === 'absent' ? [{ ...command, type: 'ReportIssued' }] : reject('id-already-used');
    if (state.is === 'absent') return reject('report-not-found');
    if (state.is === 'registered')
      return state.registered.protocol === command.protocol ? [] : reject('already-registered', { protocol: state.registered.protocol });
    return [{ ...command, type: 'ReportRegistered', enrolmentId: state.enrolmentId }];
  },
  evolve(state, event, { at, actor }) {
    if (event.type === 'ReportIssued') {
      const { type: _type, ...issued } = event;
      return { is: 'issued', ...issued, issuedAt: at, issuedBy: actor.id };
    }
    const { protocol, fileHash, fileRef } = event;
    return state.is === 'absent' ? state : { ...state, is: 'registered', registered: { protocol, fileHash, fileRef } };
  },
};
