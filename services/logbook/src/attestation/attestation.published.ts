import { logbookEvents } from '@ateneo/contracts';
import { publishing, told, toldAsStored } from '@ateneo/event-sourcing';
import { attestation } from './attestation.decider.js';

const withoutReason = <F extends { readonly reason: string }>({ reason: _reason, ...facts }: F): Omit<F, 'reason'> => facts;

/** Public events of attestations; the reason of a revocation or a withdrawal stays here. */
export const attestationPublished = publishing(attestation, {
  RequirementAttested: toldAsStored(logbookEvents.requirementAttested),
  AttestationRevoked: ({ data }) => told(logbookEvents.attestationRevoked, withoutReason(data)),
  AttestationWithdrawn: ({ data }) => told(logbookEvents.attestationWithdrawn, withoutReason(data)),
});
