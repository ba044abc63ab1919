import { addDays, covers, type Interval } from '@ateneo/calendar';
import { type Decider, type Refusal, reject } from '@ateneo/event-sourcing';
import { refusePatientData } from '../entry/entry-content.rules.js';

type Key = { attestationId: string; enrolmentId: string; traineeId: string; schoolId: string; requirementId: string };
export type AttestationCommand =
  | ({ type: 'AttestRequirement'; attestedBy: string; from: string } & Key)
  /** `from`: the first day without it; today where nobody says */
  | { type: 'RevokeAttestation'; reason: string; from?: string }
  /** `from`: the day it began; the newest where nobody says */
  | { type: 'WithdrawAttestation'; reason: string; from?: string };
export type AttestationEvent =
  // the stored format: add, never rename or remove
  | ({ type: 'RequirementAttested'; from: string } & Key)
  | ({ type: 'AttestationRevoked'; from: string; reason: string } & Key)
  /** `from`: the day on which the withdrawn attestation began */
  | ({ type: 'AttestationWithdrawn'; from: string; reason: string } & Key);
/** `until`: the first day without it. */
type Given = { readonly from: string; readonly until: string | null };
type Attestation =
  | { readonly is: 'absent' }
  /** what was given and not withdrawn, oldest first; only the newest may be open */
  | ({ readonly is: 'known'; readonly attestations: readonly Given[] } & Key);
export type AttestationContext = {
  readonly today: string;
  readonly contract?: Interval;
  readonly qualitative: boolean;
  readonly mayAttest: boolean;
};

const newest = (given: readonly Given[], from: string | undefined): number =>
  given.findLastIndex((it) => from === undefined || it.from === from);
/** The interval that an attestation from this day on would share a day with. */
const overlapped = (given: readonly Given[], from: string): Given | undefined =>
  given.find(({ from: began, until }) => until === null || (from < until && began < until));

function decideToAttest(
  { attestedBy, ...attested }: Omit<Extract<AttestationCommand, { type: 'AttestRequirement' }>, 'type'>,
  given: readonly Given[],
  { today, contract, qualitative, mayAttest }: AttestationContext,
): readonly AttestationEvent[] | Refusal {
  const { from, traineeId, requirementId } = attested;
  if (!contract) return reject('trainee-not-known-yet');
  if (attestedBy === traineeId) return reject('attested-by-the-trainee');
  if (!qualitative) return reject('requirement-not-qualitative', { requirementId });
  if (from > today) return reject('attestation-in-the-future', { field: 'from', today });
  if (!covers(contract, from)) return reject('outside-contract', { field: 'from', ...contract });
  if (!mayAttest) return reject('no-assignment-on-that-day', { from, to: from });
  const other = overlapped(given, from);
  if (other?.until === null && other.from <= from) return [];
  if (other) return reject('already-attested', { field: 'from', from: other.from, to: other.until && addDays(other.until, -1) });
  return [{ type: 'RequirementAttested', ...attested }];
}

/**
 * A requirement that has no number, attested by the tutor or director from a day on; the day of revocation is the first day without it (counting.md 13).
 * Attestations of one requirement are intervals without a day in common (counting.md 30).
 */
export const attestation: Decider<Attestation, AttestationCommand, AttestationEvent, AttestationContext> = {
  category: 'logbookAttestation',
  initial: { is: 'absent' },
  personal: { AttestationRevoked: { fields: ['reason'] }, AttestationWithdrawn: { fields: ['reason'] } },
  scope: (state) => (state.is === 'absent' ? {} : { schoolId: state.schoolId, traineeId: state.traineeId }),
  decide(command, state, context) {
    if (command.type === 'AttestRequirement') {
      const { type: _type, ...asked } = command;
      return decideToAttest(asked, state.is === 'absent' ? [] : state.attestations, context);
    }
    if (state.is === 'absent') return reject('attestation-not-found');
    const { is: _is, attestations, ...key } = state;
    const { reason, from } = command;
    const unfit = refusePatientData(reason, 'reason');
    if (command.type === 'WithdrawAttestation') {
      const mistaken = attestations[newest(attestations, from)];
      if (!mistaken) return reject('attestation-not-found');
      return unfit ?? [{ type: 'AttestationWithdrawn', ...key, from: mistaken.from, reason }];
    }
    const held = attestations.at(-1);
    if (held?.until !== null) return reject('attestation-not-found');
    const day = from ?? context.today;
    if (day < held.from || day > context.today)
      return reject('revocation-outside-attestation', { field: 'from', from: held.from, to: context.today });
    return unfit ?? [{ type: 'AttestationRevoked', ...key, from: day, reason }];
  },
  evolve(state, { type, ...data }) {
    const { attestationId, enrolmentId, traineeId, schoolId, requirementId, from } = data;
    const given = state.is === 'absent' ? [] : state.attestations;
    const known = { is: 'known', attestationId, enrolmentId, traineeId, schoolId, requirementId } as const;
    switch (type) {
      case 'RequirementAttested':
        return { ...known, attestations: [...given, { from, until: null }] };
      case 'AttestationRevoked':
        return { ...known, attestations: given.map((it) => (it.until === null ? { ...it, until: from } : it)) };
      case 'AttestationWithdrawn':
        return { ...known, attestations: given.toSpliced(newest(given, from), 1) };
    }
  },
};
