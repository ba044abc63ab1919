import { covers, type Interval } from '@ateneo/calendar';
import { type Decider, reject } from '@ateneo/event-sourcing';
import { refusePatientData } from '../entry/entry-content.rules.js';

type Key = { attestationId: string; enrolmentId: string; traineeId: string; schoolId: string; requirementId: string };
export type AttestationCommand =
  ({ type: 'AttestRequirement'; attestedBy: string; from: string } & Key) | { type: 'RevokeAttestation'; reason: string };
export type AttestationEvent =
  // the stored format: add, never rename or remove
  ({ type: 'RequirementAttested'; from: string } & Key) | ({ type: 'AttestationRevoked'; from: string; reason: string } & Key);
type Attestation = { readonly is: 'absent' } | ({ readonly is: 'attested' | 'revoked'; readonly from: string } & Key);
export type AttestationContext = {
  readonly today: string;
  readonly contract?: Interval;
  readonly qualitative: boolean;
  readonly mayAttest: boolean;
};

/** A requirement that has no number, attested by the tutor or director from a day on; the day of revocation is the first day without it (counting.md 13). */
export const attestation: Decider<Attestation, AttestationCommand, AttestationEvent, AttestationContext> = {
  category: 'logbookAttestation',
  initial: { is: 'absent' },
  personal: { AttestationRevoked: { fields: ['reason'] } },
  scope: (state) => (state.is === 'absent' ? {} : { schoolId: state.schoolId, traineeId: state.traineeId }),
  decide(command, state, { today, contract, qualitative, mayAttest }) {
    if (command.type === 'RevokeAttestation') {
      if (state.is !== 'attested') return reject('attestation-not-found');
      const { is: _is, from: _from, ...key } = state;
      return refusePatientData(command.reason, 'reason') ?? [{ type: 'AttestationRevoked', ...key, from: today, reason: command.reason }];
    }
    const { type: _type, attestedBy, ...attested } = command;
    if (!contract) return reject('trainee-not-known-yet');
    if (attestedBy === command.traineeId) return reject('attested-by-the-trainee');
    if (!qualitative) return reject('requirement-not-qualitative', { requirementId: command.requirementId });
    if (command.from > today) return reject('attestation-in-the-future', { field: 'from', today });
    if (!covers(contract, command.from)) return reject('outside-contract', { field: 'from', ...contract });
    if (!mayAttest) return reject('no-assignment-on-that-day', { from: command.from, to: command.from });
    return state.is === 'attested' ? [] : [{ type: 'RequirementAttested', ...attested }];
  },
  evolve(state, event) {
    if (event.type === 'RequirementAttested') {
      const { type: _type, ...attested } = event;
      return { is: 'attested', ...attested };
    }
    return state.is === 'absent' ? state : { ...state, is: 'revoked', from: event.from };
  },
};
