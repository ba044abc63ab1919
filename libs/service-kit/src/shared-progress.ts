import type { ServiceRuntime } from './service-runtime.js';

/** How much of a task is done; what else there is to say of it is the task's own. */
export type Processed = { readonly processed: number };
/** Without progress: the work on it has ended for now. */
type Told<P> = { readonly work: string; readonly id: string; readonly progress?: P };

const MOST = 1_000;

/** How far tasks are, told by the instance that works to all: whichever of them is asked, and whoever takes the work over, none goes back behind what was told. */
export class SharedProgress<P extends Processed> {
  readonly #of = new Map<string, P>();
  readonly #subject: string;
  #stop: (() => void) | undefined;

  constructor(
    private readonly runtime: Pick<ServiceRuntime, 'definition' | 'platform'>,
    private readonly work: string,
  ) {
    this.#subject = `progress.${runtime.definition.name}`;
  }

  start(): void {
    this.#stop = this.runtime.platform.bus.onBroadcast(this.#subject, (message) => this.#take(message as Told<P>));
  }

  stop(): void {
    this.#stop?.();
  }

  of(id: string): P | undefined {
    return this.#of.get(id);
  }

  tell(id: string, progress: P): void {
    this.#say({ work: this.work, id, progress });
  }

  end(id: string): void {
    this.#say({ work: this.work, id });
  }

  #say(told: Told<P>): void {
    this.#take(told);
    this.runtime.platform.bus.broadcast(this.#subject, told);
  }

  #take({ work, id, progress }: Told<P>): void {
    if (work !== this.work) return;
    if (!progress) return void this.#of.delete(id);
    if (progress.processed < (this.#of.get(id)?.processed ?? 0)) return;
    this.#of.set(id, progress);
    const [oldest] = this.#of.keys();
    if (this.#of.size > MOST && oldest !== undefined) this.#of.delete(oldest);
  }
}
