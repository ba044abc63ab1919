import { type Decider, reject } from '@ateneo/event-sourcing';

export type StudentNumberCommand = { type: 'ReserveStudentNumber' | 'ReleaseStudentNumber'; enrolmentId: string };
export type StudentNumberEvent =
  // the stored format: add, never rename or remove
  { type: 'StudentNumberReserved' | 'StudentNumberReleased'; enrolmentId: string };
type StudentNumber = { readonly is: 'free' } | { readonly is: 'reserved'; readonly enrolmentId: string };

/** A student number belongs to one enrolment (residency.md A7 85). The stream's id derives from the number under a key, so that no number stands in clear. */
export const studentNumber: Decider<StudentNumber, StudentNumberCommand, StudentNumberEvent> = {
  category: 'careerStudentNumber',
  initial: { is: 'free' },
  scope: () => ({}),
  decide({ type, enrolmentId }, state) {
    const own = state.is === 'reserved' && state.enrolmentId === enrolmentId;
    if (type === 'ReleaseStudentNumber') return own ? [{ type: 'StudentNumberReleased', enrolmentId }] : [];
    if (state.is === 'free') return [{ type: 'StudentNumberReserved', enrolmentId }];
    return own ? [] : reject('student-number-taken', { field: 'studentNumber' });
  },
  evolve: (_state, { type, enrolmentId }) => (type === 'StudentNumberReserved' ? { is: 'reserved', enrolmentId } : { is: 'free' }),
};
