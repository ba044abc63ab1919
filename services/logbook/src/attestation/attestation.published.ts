import type { StoredEvent } from '@ateneo/event-sourcing';
import type { Published } from '@ateneo/messaging';

/** Public events of attestations; the reason of a revocation stays here. */
export function attestationPublished({ type, data }: StoredEvent): Published {
  if (type === 'RequirementAttested') return { type: 'logbook.requirement-attested.v1', data };
  const { reason: _reason, ...revoked } = data as { reason: string };
  return { type: 'logbook.attestation-revoked.v1', data: revoked };
}
