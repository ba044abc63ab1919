import type { Bus } from '@ateneo/messaging';

export type WitnessesOptions = {
  readonly bus: Bus;
  readonly service: string;
  readonly instance: string;
  /** The others may have held this instance to be gone, and hear it again: names are said once what was missed is read. */
  onReturn(): void;
  /** Milliseconds on a clock that never steps back. */
  readonly now?: () => number;
};

/** `hello`: whoever hears it says that it lives. `asked`: whoever has forgotten that person says so again. */
type Said = { readonly instance: string; readonly hello?: true; readonly forgotten?: string; readonly asked?: string };

const BEAT_MS = 5_000;
/** An instance that did not hear itself for so long says no name. */
const SILENT_MS = 30_000;
/** When the others hold it to be gone: later, so that it says no name any more by then. */
const GONE_MS = SILENT_MS + 2 * BEAT_MS;
/** How long the others may take to forget before whoever waits gives up, to try again. */
const PATIENCE_MS = 60_000;
/** Who lives answers a hello within this time, and what is asked is asked again after it, since any message may be lost. */
const ANSWER_MS = 1_000;
/** People of whom it is known who has forgotten them. */
const MOST = 10_000;

/** What the instances of one service tell each other of erased people: who lives, and who has forgotten whom. */
export class Witnesses {
  readonly #subject: string;
  readonly #now: () => number;
  /** When each instance was heard last, this one too: its own words come back from the bus. */
  readonly #heard = new Map<string, number>();
  /** By person, the instances that have forgotten them. */
  readonly #forgotten = new Map<string, Set<string>>();
  readonly #stops: (() => void)[] = [];
  /** Since when the others have been asked who they are. */
  #since = 0;
  #wake: () => void = () => undefined;

  constructor(private readonly options: WitnessesOptions) {
    this.#subject = `forgotten.${options.service}`;
    this.#now = options.now ?? (() => performance.now());
  }

  start(): void {
    const beat = setInterval(() => this.#say({}), BEAT_MS).unref();
    this.#stops.push(
      this.options.bus.onBroadcast(this.#subject, (message) => this.#hear(message as Said)),
      () => clearInterval(beat),
    );
    this.#heard.set(this.options.instance, this.#now());
    this.#askWhoLives();
  }

  stop(): void {
    for (const stop of this.#stops.splice(0)) stop();
    this.#wake();
  }

  /** What this instance says has not come back for so long that the others may soon hold it to be gone. */
  get isUnheard(): boolean {
    return this.#now() - (this.#heard.get(this.options.instance) ?? 0) >= SILENT_MS;
  }

  forgot(personId: string): void {
    this.#note(personId, this.options.instance);
    this.#say({ forgotten: personId });
  }

  /** Resolves when every instance that lives has forgotten the person. Throws where one does not in time, or where this one hears nobody. */
  async everyoneForgot(personId: string): Promise<void> {
    const until = this.#now() + PATIENCE_MS;
    for (let ask = true; ;) {
      const missing = this.#missing(personId);
      if (missing.length === 0 && !this.isUnheard && this.#now() - this.#since >= ANSWER_MS) return;
      if (this.#stops.length === 0 || this.#now() >= until)
        throw new Error(`not known to be forgotten by ${missing.join(', ') || 'others, who are not heard'}`);
      if (ask && missing.length > 0) this.#say({ asked: personId });
      ask = await this.#answers();
    }
  }

  /** False: somebody said something of this person or another. True: nobody did for a while. */
  #answers(): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ANSWER_MS, true);
      this.#wake = () => (clearTimeout(timer), resolve(false));
    });
  }

  #missing(personId: string): string[] {
    const done = this.#forgotten.get(personId);
    const live = [...this.#heard].filter(([, at]) => this.#now() - at < GONE_MS);
    return live.map(([instance]) => instance).filter((instance) => instance !== this.options.instance && !done?.has(instance));
  }

  #askWhoLives(): void {
    this.#since = this.#now();
    this.#say({ hello: true });
  }

  #say(what: Omit<Said, 'instance'>): void {
    this.options.bus.broadcast(this.#subject, { instance: this.options.instance, ...what });
  }

  #hear({ instance, hello, forgotten, asked }: Said): void {
    const returned = instance === this.options.instance && this.isUnheard;
    this.#heard.set(instance, this.#now());
    if (returned) this.#return();
    if (instance === this.options.instance) return;
    if (hello) this.#say({});
    if (asked !== undefined && this.#forgotten.get(asked)?.has(this.options.instance)) this.#say({ forgotten: asked });
    if (forgotten === undefined) return;
    this.#note(forgotten, instance);
    this.#wake();
  }

  /** It also knows no more who lives. */
  #return(): void {
    this.options.onReturn();
    this.#askWhoLives();
  }

  #note(personId: string, instance: string): void {
    const by = this.#forgotten.get(personId) ?? new Set();
    this.#forgotten.set(personId, by.add(instance));
    const [oldest] = this.#forgotten.keys();
    if (this.#forgotten.size > MOST && oldest !== undefined) this.#forgotten.delete(oldest);
  }
}
