import { Controller } from '@nestjs/common';
import { Assignments } from '@ateneo/access';
import { logbook, type Role } from '@ateneo/contracts';
import { reject, uuidv8 } from '@ateneo/event-sourcing';
import { actorIdOf, Handles, type Request, ServiceRuntime } from '@ateneo/service-kit';
import { TraineeReferences } from '../known/trainee-references.lookup.js';
import { attestation, type AttestationCommand, type AttestationContext } from './attestation.decider.js';

/** Attestations of requirements that have no number. */
@Controller()
export class AttestationController {
  constructor(
    private readonly runtime: ServiceRuntime,
    private readonly known: TraineeReferences,
    private readonly assignments: Assignments,
  ) {}

  @Handles(logbook.attestRequirement)
  async attest(request: Request<typeof logbook.attestRequirement>) {
    const { traineeId, requirementId, enrolmentId, from = this.known.today } = request.input;
    const enrolment = await this.known.enrolment(traineeId, enrolmentId);
    if (!enrolment) return reject('trainee-not-known-yet');
    const attestationId = uuidv8('attestation', enrolment.enrolmentId, requirementId);
    const actorId = actorIdOf(request);
    const holds = (wanted: Role) =>
      request.actor?.profiles.some(({ role, schoolId }) => role === wanted && schoolId === enrolment.schoolId) ?? false;
    const context: AttestationContext = {
      today: this.known.today,
      contract: enrolment.contract,
      qualitative: (await this.known.catalogue(enrolment.cohortId))?.qualitative.has(requirementId) ?? false,
      mayAttest: holds('director') || (holds('tutor') && (await this.assignments.isTutorOn(actorId, enrolment, { from, to: from }))),
    };
    const key = { attestationId, enrolmentId: enrolment.enrolmentId, traineeId, schoolId: enrolment.schoolId, requirementId };
    return this.runtime.command(
      request,
      attestation,
      attestationId,
      { type: 'AttestRequirement', attestedBy: actorId, from, ...key },
      context,
    );
  }

  @Handles(logbook.revokeAttestation)
  revoke(request: Request<typeof logbook.revokeAttestation>) {
    const { reason, from } = request.input;
    return this.#takeBack(request, { type: 'RevokeAttestation', reason, from });
  }

  @Handles(logbook.withdrawAttestation)
  withdraw(request: Request<typeof logbook.withdrawAttestation>) {
    const { reason, from } = request.input;
    return this.#takeBack(request, { type: 'WithdrawAttestation', reason, from });
  }

  async #takeBack(
    request: Request<typeof logbook.revokeAttestation | typeof logbook.withdrawAttestation>,
    command: Extract<AttestationCommand, { reason: string }>,
  ) {
    const { traineeId, requirementId, enrolmentId } = request.input;
    const enrolment = await this.known.enrolment(traineeId, enrolmentId);
    if (!enrolment) return reject('trainee-not-known-yet');
    const context: AttestationContext = { today: this.known.today, contract: enrolment.contract, qualitative: true, mayAttest: true };
    const attestationId = uuidv8('attestation', enrolment.enrolmentId, requirementId);
    return this.runtime.command(request, attestation, attestationId, command, context);
  }
}
