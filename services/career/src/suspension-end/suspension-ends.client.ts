import { Inject, Injectable } from '@nestjs/common';
import { Deadlines, eventFrom, Refusal, sqliteDeadlines, type SqliteEventStore } from '@ateneo/event-sourcing';
import { openSqliteCheckpoints, ReactionRunner } from '@ateneo/read-models';
import { type Component, type Logger, LOGGER, PLATFORM, type Platform, RUNTIME, type ServiceRuntime } from '@ateneo/service-kit';
import { enrolment } from '../enrolment/enrolment.decider.js';
import { setSuspensionEnd, type SuspensionEnd } from './when-suspension-recorded-then-set-its-end.reaction.js';

const TICK_MS = 30_000;

/** Ends suspensions on the day after their last: stored deadlines, each taking effect once. */
@Injectable()
export class SuspensionEnds implements Component {
  #reactions: ReactionRunner<Deadlines> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #deadlines: Deadlines | undefined;

  constructor(
    @Inject(RUNTIME) private readonly runtime: ServiceRuntime,
    @Inject(PLATFORM) private readonly platform: Platform,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  async start(): Promise<void> {
    const { runtime, platform } = this;
    const store = runtime.store as SqliteEventStore;
    const deadlines = new Deadlines({ table: sqliteDeadlines(store), now: () => platform.clock.now(), fire: ({ payload }) => this.#end(payload as SuspensionEnd), failed: ({ id }, error) => this.log.warn({ deadline: id, error }, 'a suspension could not be ended') });
    this.#deadlines = deadlines;
    this.#reactions = new ReactionRunner({
      service: 'career',
      events: platform.eventBus,
      own: { service: 'career', store, read: (event) => (event.stream.startsWith(`${enrolment.category}-`) ? { ...event, data: eventFrom(enrolment as never, event, runtime.keys) } : event) },
      checkpoints: await openSqliteCheckpoints(store),
      reactions: [setSuspensionEnd],
      toolsFor: () => deadlines,
      silentUpTo: () => 0,
    });
    await this.#reactions.start();
    this.#timer = setInterval(() => void this.tick(), TICK_MS).unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#reactions?.stop();
  }

  /** Ends what is due now. */
  tick(): Promise<number> {
    return this.#deadlines?.tick() ?? Promise.resolve(0);
  }

  async #end({ enrolmentId, suspensionId, to }: SuspensionEnd): Promise<void> {
    const context = { today: this.platform.clock.today(), anyYear: true };
    const done = await this.runtime.runAs('suspension-end', enrolment, enrolmentId, { type: 'EndSuspension', suspensionId, to }, context, { correlationId: suspensionId });
    if (done instanceof Refusal) throw new Error(`the suspension could not be ended: ${done.code}`);
  }
}
