import { createHmac } from 'node:crypto';
import { Controller } from '@nestjs/common';
import { Directory } from '@ateneo/access';
import { career } from '@ateneo/contracts';
import { Refusal, uuidv8 } from '@ateneo/event-sourcing';
import { type Acting, Handles, Platform, type Request, ServiceRuntime } from '@ateneo/service-kit';
import { CohortReferences } from '../known/cohort-references.lookup.js';
import { studentNumber, type StudentNumberCommand } from '../student-number/student-number.decider.js';
import { normalNumber } from '../student-number/student-number.rules.js';
import { type Enrolment, enrolment, type EnrolmentCommand, type EnrolmentContext } from './enrolment.decider.js';

/** Commands on enrolments. */
@Controller()
export class EnrolmentController {
  readonly #numberKey: Buffer;

  constructor(
    private readonly runtime: ServiceRuntime,
    private readonly platform: Platform,
    private readonly known: CohortReferences,
    private readonly directory: Directory,
  ) {
    this.#numberKey = platform.derive('student-numbers');
  }

  /** The number is reserved before the enrolment is stored; a refused enrolment gives it back, and one cut short finds it again. */
  @Handles(career.enrolTrainee)
  async enrol(request: Request<typeof career.enrolTrainee>) {
    const { enrolmentId } = request.input;
    const numberId = this.#streamOf(request.input.studentNumber);
    const reserved = await this.#number(request, numberId, { type: 'ReserveStudentNumber', enrolmentId });
    if (reserved instanceof Refusal) return reserved;
    const answer = await this.#act(request, enrolmentId, { type: 'EnrolTrainee', ...request.input });
    if (answer instanceof Refusal && reserved.events.length > 0)
      await this.#number(request, numberId, { type: 'ReleaseStudentNumber', enrolmentId });
    return answer;
  }

  @Handles(career.moveToCohort)
  move(request: Request<typeof career.moveToCohort>) {
    return this.#act(request, request.input.enrolmentId, { type: 'MoveToCohort', cohortId: request.input.cohortId });
  }

  @Handles(career.chooseTrack)
  chooseTrack(request: Request<typeof career.chooseTrack>) {
    return this.#act(request, request.input.enrolmentId, { type: 'ChooseTrack', track: request.input.track });
  }

  @Handles(career.recordSuspension)
  recordSuspension(request: Request<typeof career.recordSuspension>) {
    const { enrolmentId, ...suspension } = request.input;
    return this.#act(request, enrolmentId, { type: 'RecordSuspension', ...suspension });
  }

  @Handles(career.correctSuspension)
  correctSuspension(request: Request<typeof career.correctSuspension>) {
    const { enrolmentId, ...suspension } = request.input;
    return this.#act(request, enrolmentId, { type: 'CorrectSuspension', ...suspension });
  }

  @Handles(career.declareTraineeRequirement)
  declare(request: Request<typeof career.declareTraineeRequirement>) {
    const { enrolmentId, ...declared } = request.input;
    return this.#act(request, enrolmentId, { type: 'DeclareRequirement', ...declared });
  }

  @Handles(career.endContract)
  endContract(request: Request<typeof career.endContract>) {
    return this.#act(request, request.input.enrolmentId, { type: 'EndContract', on: request.input.on });
  }

  async #act(request: Acting, enrolmentId: string, command: EnrolmentCommand) {
    return this.runtime.command(request, enrolment, enrolmentId, command, (state) => this.#context(request, state, command));
  }

  async #context({ actor }: Acting, state: Enrolment, command: EnrolmentCommand): Promise<EnrolmentContext> {
    const cohortId = 'cohortId' in command ? command.cohortId : state.is === 'enrolled' ? state.cohortId : undefined;
    return {
      today: this.platform.clock.today(),
      mayTouchEarlierYears:
        actor?.profiles.some(
          ({ role, schoolId }) => schoolId === null && (role === 'administrator' || role === 'university-secretariat'),
        ) ?? false,
      cohort: cohortId === undefined ? undefined : await this.known.cohort(cohortId),
      personUnknown: command.type === 'EnrolTrainee' && this.directory.find(command.traineeId) === undefined,
      personErased: command.type === 'EnrolTrainee' && this.runtime.keys.erased().includes(command.traineeId),
    };
  }

  /** Without the command's id: a number given back is decided anew when the same enrolment is sent again. */
  #number({ actor, correlationId }: Acting, numberId: string, command: StudentNumberCommand) {
    return this.runtime.run({ actor, correlationId, commandId: undefined }, studentNumber, numberId, command);
  }

  #streamOf(number: string): string {
    return uuidv8('student-number', createHmac('sha256', this.#numberKey).update(normalNumber(number)).digest('hex'));
  }
}
