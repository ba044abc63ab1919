import type { StoredEvent } from '@ateneo/event-sourcing';
import type { Published } from '@ateneo/messaging';
import type { AttestationEvent } from './attestation.decider.js';

/** Public events of attestations; the reason of a revocation or a withdrawal stays here. */
export function attestationPublished({ type, data }: StoredEvent): Published {
  const { reason: _reason, ...told } = data as { reason?: string };
  switch (type as AttestationEvent['type']) {
    case 'RequirementAttested':
      return { type: 'logbook.requirement-attested.v1', data: told };
    case 'AttestationRevoked':
      return { type: 'logbook.attestation-revoked.v1', data: told };
    case 'AttestationWithdrawn':
      return { type: 'logbook.attestation-withdrawn.v1', data: told };
  }
}
