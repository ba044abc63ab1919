import { type Deadline, Deadlines, sqliteDeadlines, SqliteEventStore } from '@ateneo/event-sourcing';
import type { ServiceRuntime } from './service-runtime.js';

/** A deadline is noticed at the latest so long after it fell due. */
const LONGEST_WAIT_MS = 30_000;

/** The stored deadlines of a service, fired as the platform's clock passes them, whoever moves it. */
export class ServiceDeadlines {
  readonly #deadlines: Deadlines;
  #timer: NodeJS.Timeout | undefined;
  #unwatch: (() => void) | undefined;

  /** `fire` is safe to repeat; a throw brings the deadline back later. */
  constructor(
    private readonly runtime: ServiceRuntime,
    fire: (deadline: Deadline) => Promise<void>,
  ) {
    const { store, platform, definition } = runtime;
    if (!(store instanceof SqliteEventStore)) throw new TypeError('deadlines are kept in the events file');
    const failed = ({ id }: Deadline, error: unknown) =>
      platform.log.warn({ service: definition.name, deadline: id, error }, 'a deadline failed and is postponed');
    this.#deadlines = new Deadlines({ table: sqliteDeadlines(store), now: () => platform.clock.now(), fire, failed });
  }

  start(): void {
    this.#unwatch = this.runtime.platform.clock.watch(() => this.#soon(0));
    this.#soon(0);
  }

  async schedule(id: string, dueAt: number, payload: unknown): Promise<void> {
    await this.#deadlines.schedule(id, dueAt, payload);
    await this.#wait();
  }

  cancel(id: string): Promise<void> {
    return this.#deadlines.cancel(id);
  }

  async stop(): Promise<void> {
    this.#unwatch?.();
    this.#unwatch = undefined;
    clearTimeout(this.#timer);
    await this.#deadlines.tick();
  }

  #soon(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#tick(), ms);
    this.#timer.unref();
  }

  async #wait(): Promise<void> {
    if (!this.#unwatch) return;
    const nextAt = await this.#deadlines.nextAt();
    if (!this.#unwatch) return;
    const due = (nextAt ?? Number.POSITIVE_INFINITY) - this.runtime.platform.clock.now();
    this.#soon(Math.min(Math.max(due, 0), LONGEST_WAIT_MS));
  }

  async #tick(): Promise<void> {
    try {
      await this.#deadlines.tick();
      await this.#wait();
    } catch (error) {
      this.runtime.platform.log.error({ service: this.runtime.definition.name, error }, 'deadlines could not be read');
      if (this.#unwatch) this.#soon(LONGEST_WAIT_MS);
    }
  }
}
