import { Controller, Inject } from '@nestjs/common';
import { reporting } from '@ateneo/contracts';
import { reject } from '@ateneo/event-sourcing';
import { Handles, type Request } from '@ateneo/service-kit';
import { dayText } from '../counting/calendar.rules.js';
import { countersOf, entriesBehind, explained, remarksOf } from '../ledger/counters.rules.js';
import { LiveLedger } from './live-ledger.client.js';

@Controller()
export class TraineeCountersController {
  constructor(@Inject(LiveLedger) private readonly live: LiveLedger) {}

  @Handles(reporting.showCounters)
  async show({ input }: Request<typeof reporting.showCounters>) {
    const question = this.live.question(input);
    if (question.knownBy !== undefined && question.knownBy > this.live.today) return reject('known-at-in-the-future');
    const fresh = await this.live.freshness(input.traineeId, { after: input.after, knownBy: question.knownBy });
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
      asOf: dayText(question.asOf),
      knownAt: input.knownAt ?? null,
      sets,
      remarks: remarksOf(enrolment, network, question),
      scale,
      ...fresh,
    };
  }

  @Handles(reporting.explainRequirement)
  async explain({ input }: Request<typeof reporting.explainRequirement>) {
    const question = this.live.question(input);
    if (question.knownBy !== undefined && question.knownBy > this.live.today) return reject('known-at-in-the-future');
    const fresh = await this.live.freshness(input.traineeId, { after: input.after, knownBy: question.knownBy });
    const { network } = this.live;
    const enrolment = await this.live.enrolmentOf(input.traineeId, input.enrolmentId);
    if (!enrolment?.referenceIn(network, question.knownBy)) return reject('trainee-not-found');
    const behind = entriesBehind(enrolment, network, input.requirementId, question);
    if (!behind) return reject('requirement-not-found');
    const first = (input.page - 1) * input.size;
    return { total: behind.length, entries: behind.slice(first, first + input.size).map(explained), ...fresh };
  }
}
