import { type Decider, reject } from '@ateneo/event-sourcing';

export type SchoolCodeCommand = { type: 'ReserveSchoolCode' | 'ReleaseSchoolCode'; schoolId: string };
export type SchoolCodeEvent =
  // the stored format: add, never rename or remove
  { type: 'SchoolCodeReserved' | 'SchoolCodeReleased'; schoolId: string };
type SchoolCode = { readonly is: 'free' } | { readonly is: 'reserved'; readonly schoolId: string };

/** A code such as `CHIR` names one school: requirement sets and activities are bound by it. The stream's id derives from the code. */
export const schoolCode: Decider<SchoolCode, SchoolCodeCommand, SchoolCodeEvent> = {
  category: 'networkSchoolCode',
  initial: { is: 'free' },
  scope: () => ({}),
  decide({ type, schoolId }, state) {
    const own = state.is === 'reserved' && state.schoolId === schoolId;
    if (type === 'ReleaseSchoolCode') return own ? [{ type: 'SchoolCodeReleased', schoolId }] : [];
    if (state.is === 'free') return [{ type: 'SchoolCodeReserved', schoolId }];
    return own ? [] : reject('code-already-used', { field: 'code' });
  },
  evolve: (_state, { type, schoolId }) => (type === 'SchoolCodeReserved' ? { is: 'reserved', schoolId } : { is: 'free' }),
};
