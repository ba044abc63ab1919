import { Controller } from '@nestjs/common';
import { Assignments } from '@ateneo/access';
import { dayOf, overlaps } from '@ateneo/calendar';
import { reporting } from '@ateneo/contracts';
import { reject } from '@ateneo/event-sourcing';
import { actorIdOf, Handles, type Request } from '@ateneo/service-kit';
import { countersOf, type CountersQuestion, entriesBehind, type EntryBehind, explained, remarksOf } from '../ledger/counters.rules.js';
import type { Enrolment } from '../ledger/enrolment.rules.js';
import { LiveLedger } from './live-ledger.lookup.js';
import { TRAINEE_COUNTERS } from './trainee-counters.projection.js';

const OF_TRAINEE = { of: { name: TRAINEE_COUNTERS }, by: 'traineeId' } as const;
type Explain = Request<typeof reporting.explainRequirement>;

@Controller()
export class TraineeCountersController {
  constructor(
    private readonly live: LiveLedger,
    private readonly assignments: Assignments,
  ) {}

  @Handles(reporting.showCounters, OF_TRAINEE)
  async show({ input }: Request<typeof reporting.showCounters>) {
    const question = this.live.question(input);
    if (question.knownBy !== undefined && question.knownBy > this.live.today) return reject('known-at-in-the-future');
    const { network } = this.live;
    const enrolment = await this.live.enrolmentOf(input.traineeId, input.enrolmentId);
    const sets = enrolment && countersOf(enrolment, network, question);
    if (!enrolment || !sets) return reject('trainee-not-found');
    const { enrolmentId, traineeId, schoolId } = enrolment;
    const cohortId = enrolment.view(question.knownBy)?.cohortId ?? '';
    const { scale } = network.view(question.knownBy);
    return {
      traineeId,
      enrolmentId,
      schoolId,
      cohortId,
      asOf: dayOf(question.asOf),
      knownAt: input.knownAt ?? null,
      sets,
      remarks: remarksOf(enrolment, network, question),
      scale,
      ...this.#staleness(question),
    };
  }

  @Handles(reporting.explainRequirement, OF_TRAINEE)
  async explain(request: Explain) {
    const { input } = request;
    const question = this.live.question(input);
    if (question.knownBy !== undefined && question.knownBy > this.live.today) return reject('known-at-in-the-future');
    const { network } = this.live;
    const enrolment = await this.live.enrolmentOf(input.traineeId, input.enrolmentId);
    if (!enrolment?.referenceIn(network, question.knownBy)) return reject('trainee-not-found');
    const behind = entriesBehind(enrolment, network, input.requirementId, question);
    if (!behind) return reject('requirement-not-found');
    const shown = await this.#shownTo(request, enrolment, behind);
    const first = (input.page - 1) * input.size;
    const entries = shown.slice(first, first + input.size).map(explained);
    return { total: shown.length, notShown: behind.length - shown.length, entries, ...this.#staleness(question) };
  }

  #staleness(question: CountersQuestion): { stale?: true } {
    return this.live.isFinal(question) ? {} : { stale: true };
  }

  /** A tutor reads what is dated inside an own assignment; the figures are the same for all (residency.md C, least privilege). */
  async #shownTo(request: Explain, { traineeId, schoolId }: Enrolment, behind: EntryBehind[]): Promise<EntryBehind[]> {
    if (request.sight.tutorIn.length === 0) return behind;
    const held = (await this.assignments.ofTutorIn([schoolId], actorIdOf(request))).filter((one) => one.traineeId === traineeId);
    return behind.filter(({ fact }) => held.some((one) => overlaps(one, { from: dayOf(fact.from), to: dayOf(fact.to) })));
  }
}
