import { Injectable } from '@nestjs/common';
import { type Component, Platform, ServiceRuntime } from '@ateneo/service-kit';
import type { Fates } from './import.decider.js';

export type Progress = { readonly rows: number; readonly processed: number; readonly fates: Fates };
/** Without progress: the work on it has ended for now. */
type Told = { readonly importId: string; readonly progress?: Progress };

const MOST = 1_000;

/** How far imports are, told by the instance that works to all: whichever of them is asked, and whoever takes the work over, none goes back behind what was told. */
@Injectable()
export class ImportProgress implements Component {
  readonly #of = new Map<string, Progress>();
  readonly #subject: string;
  #stop: (() => void) | undefined;

  constructor(
    runtime: ServiceRuntime,
    private readonly platform: Platform,
  ) {
    this.#subject = `progress.${runtime.definition.name}`;
  }

  start(): void {
    this.#stop = this.platform.bus.onBroadcast(this.#subject, (message) => this.#take(message as Told));
  }

  stop(): void {
    this.#stop?.();
  }

  of(importId: string): Progress | undefined {
    return this.#of.get(importId);
  }

  tell(importId: string, progress?: Progress): void {
    this.#take({ importId, progress });
    this.platform.bus.broadcast(this.#subject, { importId, progress });
  }

  #take({ importId, progress }: Told): void {
    if (!progress) return void this.#of.delete(importId);
    if (progress.processed < (this.#of.get(importId)?.processed ?? 0)) return;
    this.#of.set(importId, progress);
    const [oldest] = this.#of.keys();
    if (this.#of.size > MOST && oldest !== undefined) this.#of.delete(oldest);
  }
}
