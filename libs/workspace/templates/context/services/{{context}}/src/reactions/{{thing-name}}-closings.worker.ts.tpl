import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { type Deadline, Refusal } from '@ateneo/event-sourcing';
import { type Component, ServiceDeadlines, ServiceRuntime, startReactions } from '@ateneo/service-kit';
import { {{thing}} } from '../{{thing-name}}/{{thing-name}}.decider.js';
import { when{{Thing}}OpenedThenPlanItsClosing } from './when-{{thing-name}}-opened-then-plan-its-closing.reaction.js';

/** Closes on time: a reaction stores the deadline, the deadline sends the command. */
@Injectable()
export class {{Thing}}Closings implements Component {
  readonly #deadlines: ServiceDeadlines;
  #stopReactions: (() => Promise<void>) | undefined;

  constructor(private readonly runtime: ServiceRuntime) {
    this.#deadlines = new ServiceDeadlines(runtime, (deadline) => this.#close(deadline));
  }

  async start(): Promise<void> {
    const tools = { plan: (id: string, dueAt: number, {{thing}}Id: string) => this.#deadlines.schedule(id, dueAt, { {{thing}}Id }) };
    this.#stopReactions = await startReactions(this.runtime, [when{{Thing}}OpenedThenPlanItsClosing], tools);
    await this.#deadlines.start();
  }

  async stop(): Promise<void> {
    await this.#stopReactions?.();
    await this.#deadlines.stop();
  }

  /** What is refused will be refused again: it is told and has ended. */
  async #close({ id, payload }: Deadline): Promise<void> {
    const { {{thing}}Id } = payload as { {{thing}}Id: string };
    const by = 'when-{{thing-name}}-is-over-then-close-it';
    const done = await this.runtime.runAs(by, {{thing}}, {{thing}}Id, { type: 'Close{{Thing}}' }, { correlationId: randomUUID() });
    if (!(done instanceof Refusal)) return;
    const error = new Error(`{{thing-name}} could not be closed: ${done.code}`);
    this.runtime.platform.onProblem({ is: 'happened', part: 'deadline', service: '{{context}}', what: id, error });
  }
}
