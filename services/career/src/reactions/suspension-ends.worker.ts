import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { type Deadline, load, Refusal } from '@ateneo/event-sourcing';
import { type Component, ServiceDeadlines, ServiceRuntime, startReactions } from '@ateneo/service-kit';
import { enrolment } from '../enrolment/enrolment.decider.js';
import { type Tools, whenSuspensionRecordedThenPlanItsEnd } from './when-suspension-recorded-then-plan-its-end.reaction.js';

/** Ends suspensions on time: a reaction stores the deadline, the deadline sends the command. */
@Injectable()
export class SuspensionEnds implements Component {
  readonly #deadlines: ServiceDeadlines;
  #stopReactions: (() => Promise<void>) | undefined;

  constructor(private readonly runtime: ServiceRuntime) {
    this.#deadlines = new ServiceDeadlines(runtime, (deadline) => this.#end(deadline));
  }

  async start(): Promise<void> {
    const tools: Tools = {
      enrolment: async (enrolmentId) => {
        const { state } = await load(enrolment, enrolmentId, this.runtime);
        return state.is === 'enrolled' ? state : undefined;
      },
      plan: (id, dueAt, suspension) => this.#deadlines.schedule(id, dueAt, suspension),
      unplan: (id) => this.#deadlines.cancel(id),
    };
    this.#stopReactions = await startReactions(this.runtime, [whenSuspensionRecordedThenPlanItsEnd], tools);
    await this.#deadlines.start();
  }

  async stop(): Promise<void> {
    await this.#stopReactions?.();
    await this.#deadlines.stop();
  }

  /** What is refused will be refused again: it is told and has ended. */
  async #end({ id, payload }: Deadline): Promise<void> {
    const { enrolmentId, suspensionId } = payload as { enrolmentId: string; suspensionId: string };
    const { clock, onProblem } = this.runtime.platform;
    const context = { today: clock.today(), mayTouchEarlierYears: true };
    const done = await this.runtime.runAs(
      'when-suspension-is-over-then-end-it',
      enrolment,
      enrolmentId,
      { type: 'EndSuspension', suspensionId },
      { correlationId: randomUUID() },
      context,
    );
    if (!(done instanceof Refusal)) return;
    const error = new Error(`a suspension could not be ended: ${done.code}`);
    onProblem({ is: 'happened', part: 'suspension-end', service: 'career', what: id, error });
  }
}
