import { type Deadline, Deadlines, Trouble } from '@ateneo/event-sourcing';
import type { ServiceRuntime } from './service-runtime.js';

/** A deadline is noticed at the latest so long after it fell due. */
const LONGEST_WAIT_MS = 30_000;

/** The stored deadlines of a service, fired as the platform's clock passes them, whoever moves it. */
export class ServiceDeadlines {
  readonly #fire: (deadline: Deadline) => Promise<void>;
  readonly #trouble: Trouble;
  #opened: Promise<Deadlines> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #unwatch: (() => void) | undefined;

  /** `fire` is safe to repeat; a throw brings the deadline back later. */
  constructor(
    private readonly runtime: ServiceRuntime,
    fire: (deadline: Deadline) => Promise<void>,
  ) {
    this.#fire = fire;
    const { platform, definition } = runtime;
    this.#trouble = new Trouble(platform.onProblem, { service: definition.name, part: 'deadline', what: 'deadlines are read' });
  }

  /** Throws ConfigurationError where nothing that keeps deadlines is configured. */
  async start(): Promise<void> {
    await this.#deadlines();
    this.#unwatch = this.runtime.platform.clock.watch(() => this.#soon(0));
    this.#soon(0);
  }

  async schedule(id: string, dueAt: number, payload: unknown): Promise<void> {
    await (await this.#deadlines()).schedule(id, dueAt, payload);
    await this.#wait();
  }

  async cancel(id: string): Promise<void> {
    await (await this.#deadlines()).cancel(id);
  }

  async stop(): Promise<void> {
    this.#unwatch?.();
    this.#unwatch = undefined;
    clearTimeout(this.#timer);
    this.#trouble.over();
    await (await this.#deadlines()).tick();
  }

  #deadlines(): Promise<Deadlines> {
    const { platform, definition } = this.runtime;
    const service = definition.name;
    const failed = ({ id }: Deadline, error: unknown) => platform.onProblem({ is: 'happened', part: 'deadline', service, what: id, error });
    return (this.#opened ??= this.runtime
      .deadlines()
      .then((table) => new Deadlines({ table, now: () => platform.clock.now(), fire: this.#fire, failed })));
  }

  #soon(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#tick(), ms);
    this.#timer.unref();
  }

  async #wait(): Promise<void> {
    if (!this.#unwatch) return;
    const nextAt = await (await this.#deadlines()).nextAt();
    if (!this.#unwatch) return;
    const due = (nextAt ?? Number.POSITIVE_INFINITY) - this.runtime.platform.clock.now();
    this.#soon(Math.min(Math.max(due, 0), LONGEST_WAIT_MS));
  }

  async #tick(): Promise<void> {
    try {
      await (await this.#deadlines()).tick();
      await this.#wait();
      this.#trouble.over();
    } catch (error) {
      this.#trouble.fails(error);
      if (this.#unwatch) this.#soon(LONGEST_WAIT_MS);
    }
  }
}
