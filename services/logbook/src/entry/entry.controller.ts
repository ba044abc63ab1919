import { Controller } from '@nestjs/common';
import { type Input, logbook } from '@ateneo/contracts';
import { Refusal, reject } from '@ateneo/event-sourcing';
import { type Acting, actorIdOf, Handles, type Request, ServiceRuntime } from '@ateneo/service-kit';
import { TraineeReferences } from '../known/trainee-references.lookup.js';
import { EntryContexts } from './entry-contexts.lookup.js';
import { type Content, type Entry, entry, type EntryCommand, type EntryContext } from './entry.decider.js';

/** Commands on one entry. */
@Controller()
export class EntryController {
  constructor(
    private readonly runtime: ServiceRuntime,
    private readonly known: TraineeReferences,
    private readonly contexts: EntryContexts,
  ) {}

  @Handles(logbook.recordEntry)
  async record(request: Request<typeof logbook.recordEntry>) {
    const { entryId, submit, enrolmentId, ...said } = request.input;
    const traineeId = actorIdOf(request);
    const enrolment = await this.known.enrolment(traineeId, enrolmentId);
    const reference = await this.known.reference(enrolment);
    if (!enrolment || !reference) return reject('trainee-not-known-yet');
    const content = contentOf(said);
    if (content instanceof Refusal) return content;
    const command: EntryCommand = {
      type: 'RecordEntry',
      entryId,
      traineeId,
      enrolmentId: enrolment.enrolmentId,
      schoolId: enrolment.schoolId,
      submit,
      ...content,
    };
    const done = await this.runtime.command(request, entry, entryId, command, { today: this.known.today, now: this.known.now, reference });
    return done instanceof Refusal ? done : { ...done, entryId };
  }

  @Handles(logbook.amendEntry)
  async amend(request: Request<typeof logbook.amendEntry>) {
    const { entryId, submit, revision, ...said } = request.input;
    const content = contentOf(said);
    if (content instanceof Refusal) return content;
    const done = await this.runtime.command(
      request,
      entry,
      entryId,
      { type: 'AmendEntry', submit, revision, ...content },
      this.contexts.asAuthor,
    );
    return done instanceof Refusal ? done : { ...done, entryId };
  }

  @Handles(logbook.submitEntry)
  submit(request: Request<typeof logbook.submitEntry>) {
    return this.#act(request, request.input.entryId, { type: 'SubmitEntry' }, this.contexts.asAuthor);
  }

  @Handles(logbook.withdrawEntry)
  withdraw(request: Request<typeof logbook.withdrawEntry>) {
    return this.#act(request, request.input.entryId, { type: 'WithdrawEntry' }, this.contexts.asAuthor);
  }

  @Handles(logbook.discardEntry)
  discard(request: Request<typeof logbook.discardEntry>) {
    return this.#act(request, request.input.entryId, { type: 'DiscardEntry' }, this.contexts.asAuthor);
  }

  @Handles(logbook.validateEntry)
  async validate(request: Request<typeof logbook.validateEntry>) {
    const { entryId, ...said } = request.input;
    return this.runtime.command(
      request,
      entry,
      entryId,
      { type: 'ValidateEntry', validatorId: actorIdOf(request), batchId: null, ...said },
      this.contexts.asValidator(request),
    );
  }

  @Handles(logbook.returnEntry)
  giveBack(request: Request<typeof logbook.returnEntry>) {
    return this.#act(
      request,
      request.input.entryId,
      { type: 'ReturnEntry', validatorId: actorIdOf(request), reason: request.input.reason },
      this.contexts.asValidator(request),
    );
  }

  @Handles(logbook.rejectEntry)
  refuse(request: Request<typeof logbook.rejectEntry>) {
    return this.#act(
      request,
      request.input.entryId,
      { type: 'RejectEntry', validatorId: actorIdOf(request), reason: request.input.reason },
      this.contexts.asValidator(request),
    );
  }

  @Handles(logbook.reverseValidation)
  reverse(request: Request<typeof logbook.reverseValidation>) {
    return this.#act(
      request,
      request.input.entryId,
      { type: 'ReverseValidation', reversedBy: actorIdOf(request), reason: request.input.reason, batchId: null },
      this.contexts.asValidator(request),
    );
  }

  @Handles(logbook.keepEntry)
  keep(request: Request<typeof logbook.keepEntry>) {
    return this.#act(
      request,
      request.input.entryId,
      { type: 'KeepEntry', reason: request.input.reason },
      this.contexts.asValidator(request),
    );
  }

  async #act(request: Acting, entryId: string, command: EntryCommand, context: (state: Entry) => Promise<EntryContext>) {
    return this.runtime.command(request, entry, entryId, command, context);
  }
}

/** From the fields of the form to what an entry says: an act has one day, a period two. */
export function contentOf({
  performedOn,
  periodFrom,
  periodTo,
  ...said
}: Omit<Input<typeof logbook.recordEntry>, 'entryId' | 'submit' | 'enrolmentId'>): Content | Refusal {
  if (performedOn !== null && periodFrom === null && periodTo === null)
    return { ...said, period: false, performedFrom: performedOn, performedTo: performedOn };
  if (performedOn === null && periodFrom !== null && periodTo !== null)
    return { ...said, period: true, performedFrom: periodFrom, performedTo: periodTo };
  return reject('date-missing', {
    field: periodFrom === null && periodTo === null ? 'performedOn' : periodFrom === null ? 'periodFrom' : 'periodTo',
  });
}
