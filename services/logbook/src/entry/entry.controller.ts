import { Controller, Inject } from '@nestjs/common';
import { Assignments } from '@ateneo/access';
import { type Input, logbook } from '@ateneo/contracts';
import { Refusal, reject } from '@ateneo/event-sourcing';
import { Handles, type Request, RUNTIME, type ServiceRuntime } from '@ateneo/service-kit';
import { Known } from '../known/known.client.js';
import { type Content, type Entry, entry, type EntryCommand, type EntryContext } from './entry.decider.js';

type Acting = Pick<Request, 'actor' | 'commandId' | 'correlationId'>;

/** Commands on one entry. */
@Controller()
export class EntryController {
  constructor(
    @Inject(RUNTIME) private readonly runtime: ServiceRuntime,
    @Inject(Known) private readonly known: Known,
    @Inject(Assignments) private readonly assignments: Assignments,
  ) {}

  @Handles(logbook.recordEntry)
  async record(request: Request<typeof logbook.recordEntry>) {
    const { entryId, submit, enrolmentId, ...said } = request.input;
    const traineeId = request.actor?.id ?? '';
    const enrolment = await this.known.enrolment(traineeId, enrolmentId);
    const reference = await this.known.reference(enrolment);
    if (!enrolment || !reference) return reject('trainee-not-known-yet');
    const content = contentOf(said);
    if (content instanceof Refusal) return content;
    const command: EntryCommand = { type: 'RecordEntry', entryId, traineeId, enrolmentId: enrolment.enrolmentId, schoolId: enrolment.schoolId, submit, ...content };
    const done = await this.runtime.run(request, entry, entryId, command, { today: this.known.today, now: this.known.now, reference });
    return done instanceof Refusal ? done : { token: done.token, entryId, revision: done.revision };
  }

  @Handles(logbook.amendEntry)
  async amend(request: Request<typeof logbook.amendEntry>) {
    const { entryId, submit, revision, ...said } = request.input;
    const content = contentOf(said);
    if (content instanceof Refusal) return content;
    const done = await this.runtime.run(request, entry, entryId, { type: 'AmendEntry', submit, revision, ...content }, this.#asAuthor);
    return done instanceof Refusal ? done : { token: done.token, entryId, revision: done.revision };
  }

  @Handles(logbook.submitEntry)
  submit(request: Request<typeof logbook.submitEntry>) {
    return this.#act(request, request.input.entryId, { type: 'SubmitEntry' }, this.#asAuthor);
  }

  @Handles(logbook.withdrawEntry)
  withdraw(request: Request<typeof logbook.withdrawEntry>) {
    return this.#act(request, request.input.entryId, { type: 'WithdrawEntry' }, this.#asAuthor);
  }

  @Handles(logbook.discardEntry)
  discard(request: Request<typeof logbook.discardEntry>) {
    return this.#act(request, request.input.entryId, { type: 'DiscardEntry' }, this.#asAuthor);
  }

  @Handles(logbook.validateEntry)
  async validate(request: Request<typeof logbook.validateEntry>) {
    const { entryId, ...said } = request.input;
    const done = await this.runtime.run(request, entry, entryId, { type: 'ValidateEntry', validatorId: request.actor?.id ?? '', batchId: null, ...said }, this.asValidator(request));
    return done instanceof Refusal ? done : { token: done.token, revision: done.revision };
  }

  @Handles(logbook.returnEntry)
  giveBack(request: Request<typeof logbook.returnEntry>) {
    return this.#act(request, request.input.entryId, { type: 'ReturnEntry', validatorId: request.actor?.id ?? '', reason: request.input.reason }, this.asValidator(request));
  }

  @Handles(logbook.rejectEntry)
  refuse(request: Request<typeof logbook.rejectEntry>) {
    return this.#act(request, request.input.entryId, { type: 'RejectEntry', validatorId: request.actor?.id ?? '', reason: request.input.reason }, this.asValidator(request));
  }

  @Handles(logbook.reverseValidation)
  reverse(request: Request<typeof logbook.reverseValidation>) {
    return this.#act(request, request.input.entryId, { type: 'ReverseValidation', reversedBy: request.actor?.id ?? '', reason: request.input.reason, batchId: null }, this.asValidator(request));
  }

  @Handles(logbook.keepEntry)
  keep(request: Request<typeof logbook.keepEntry>) {
    return this.#act(request, request.input.entryId, { type: 'KeepEntry', reason: request.input.reason }, this.asValidator(request));
  }

  /** What the author's own acts are judged by. */
  readonly #asAuthor = async (state: Entry): Promise<EntryContext> => {
    const enrolment = state.is === 'absent' ? undefined : await this.known.enrolment(state.traineeId, state.enrolmentId);
    return { today: this.known.today, now: this.known.now, reference: await this.known.reference(enrolment) };
  };

  /** What a validator's acts are judged by: assignment on the days of the entry, or the direction of its school. */
  asValidator({ actor }: Pick<Request, 'actor'>): (state: Entry) => Promise<EntryContext> {
    return async (state) => {
      const { known } = this;
      if (state.is === 'absent' || !actor) return { today: known.today, now: known.now };
      const { traineeId, enrolmentId, schoolId, content } = state;
      const enrolment = await known.enrolment(traineeId, enrolmentId);
      return {
        today: known.today,
        now: known.now,
        reference: await known.reference(enrolment),
        creditTargets: enrolment ? await known.creditTargets(enrolment.cohortId, content.activities) : [],
        validator: {
          director: actor.profiles.some((profile) => profile.role === 'director' && profile.schoolId === schoolId),
          assigned: await this.assignments.isTutorOn(actor.id, traineeId, content.performedFrom, content.performedTo),
        },
      };
    };
  }

  async #act(request: Acting, entryId: string, command: EntryCommand, context: (state: Entry) => Promise<EntryContext>) {
    const done = await this.runtime.run(request, entry, entryId, command, context);
    return done instanceof Refusal ? done : { token: done.token };
  }
}

/** From the fields of the form to what an entry says: an act has one day, a period two. */
export function contentOf({ performedOn, periodFrom, periodTo, ...said }: Omit<Input<typeof logbook.recordEntry>, 'entryId' | 'submit' | 'enrolmentId'>): Content | Refusal {
  if (performedOn !== null && periodFrom === null && periodTo === null) return { ...said, period: false, performedFrom: performedOn, performedTo: performedOn };
  if (performedOn === null && periodFrom !== null && periodTo !== null) return { ...said, period: true, performedFrom: periodFrom, performedTo: periodTo };
  return reject('date-missing', { field: periodFrom === null && periodTo === null ? 'performedOn' : periodFrom === null ? 'periodFrom' : 'periodTo' });
}
