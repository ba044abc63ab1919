import type { StoredEvent } from '@ateneo/event-sourcing';
import type { Published } from '@ateneo/messaging';

/** Public events of attestations; the reason of a revocation stays here. */
export function attestationPublished({ type, data, stream, metadata: { scope } }: StoredEvent): Published {
  if (type === 'RequirementAttested') return { type: 'logbook.requirement-attested.v1', data };
  const { from } = data as { from: string };
  return { type: 'logbook.attestation-revoked.v1', data: { attestationId: stream.slice(stream.indexOf('-') + 1), traineeId: scope.traineeId, schoolId: scope.schoolId, from } };
}
