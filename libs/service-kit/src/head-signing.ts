import { join } from 'node:path';
import { type EventStore, HistoryError, readAnchor, signHead, SqliteEventStore } from '@ateneo/event-sourcing';
import { ANCHOR, ANCHOR_KEY } from './anchor-file.js';
import { chainOf } from './installation.js';
import type { Platform } from './platform.js';

const DAY_MS = 86_400_000;
const LONGEST_WAIT_MS = 3_600_000;

/** Signs the history of one service daily and at a clean stop; the signed head says when the next is due, so that no restart forgets it. */
export class HeadSigning {
  #timer: NodeJS.Timeout | undefined;
  #unwatch: (() => void) | undefined;
  #running: Promise<void> | undefined;

  constructor(
    private readonly platform: Pick<Platform, 'clock' | 'derive' | 'folder' | 'onProblem'>,
    private readonly service: string,
    private readonly file: string,
  ) {}

  /** A history without a signed head is legitimate only before its first event. */
  async begin(store: EventStore): Promise<void> {
    try {
      if ((await store.head()) === 0 && this.#signedAt() === undefined) await this.#sign();
    } catch (error) {
      if (!(error instanceof HistoryError)) throw error;
      this.#tell(error);
    }
  }

  start(): void {
    this.#unwatch = this.platform.clock.watch(() => this.#whenDue());
    this.#whenDue();
  }

  /** Signs all there is, before the file closes. */
  async stop(): Promise<void> {
    this.#unwatch?.();
    this.#unwatch = undefined;
    clearTimeout(this.#timer);
    await this.#running;
    await this.#attempt();
  }

  #whenDue(): void {
    if (this.#running) return;
    const wait = this.#dueIn();
    clearTimeout(this.#timer);
    if (wait <= 0) return void (this.#running = this.#attempt().finally(() => this.#again()));
    this.#timer = setTimeout(() => this.#whenDue(), Math.min(wait, LONGEST_WAIT_MS)).unref();
  }

  #again(): void {
    this.#running = undefined;
    if (this.#unwatch) this.#timer = setTimeout(() => this.#whenDue(), LONGEST_WAIT_MS).unref();
  }

  #dueIn(): number {
    try {
      return (this.#signedAt() ?? 0) + DAY_MS - this.platform.clock.now();
    } catch (error) {
      this.#tell(error);
      return LONGEST_WAIT_MS;
    }
  }

  async #attempt(): Promise<void> {
    try {
      await this.#sign();
    } catch (error) {
      this.#tell(error);
    }
  }

  #tell(error: unknown): void {
    const what =
      error instanceof HistoryError
        ? 'the history does not fit what was signed of it: look at it with «ateneo check»'
        : 'the history could not be signed';
    this.platform.onProblem({ is: 'happened', part: 'event-store', service: this.service, what, error });
  }

  #signedAt(): number | undefined {
    return readAnchor(this.#anchor.file, this.#anchor.key)?.[this.service]?.signedAt;
  }

  async #sign(): Promise<void> {
    const { derive, clock } = this.platform;
    await signHead({
      file: this.file,
      hashKey: derive(chainOf(this.service)),
      service: this.service,
      anchor: this.#anchor,
      now: clock.now(),
    });
  }

  get #anchor(): { readonly file: string; readonly key: Buffer } {
    return { file: join(this.platform.folder, ANCHOR), key: this.platform.derive(ANCHOR_KEY) };
  }
}

/** The signing of a service whose history is a file here; undefined where another process or a server has it. */
export function headSigning(platform: Platform, service: string, store: EventStore): HeadSigning | undefined {
  return store instanceof SqliteEventStore
    ? new HeadSigning(platform, service, join(platform.folder, `${service}.events.sqlite`))
    : undefined;
}
