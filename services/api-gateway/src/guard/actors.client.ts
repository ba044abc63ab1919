import { Caller } from '@ateneo/service-kit';
import type { Identity } from './identity.client.js';

/** What identity said is old after this, should the word of a change be lost. */
const KEPT_MS = 5_000;
const MOST = 20_000;

export type ActorCaller = Extract<Caller, { is: 'actor' }>;
/** An actor, and the number of times that their password has changed: what signed in before the last change is over. */
export type Standing = { readonly caller: ActorCaller; readonly signIns: number };
type Remembered = { readonly standing: Standing | undefined; readonly until: number };
/** Told whose rights have changed; undefined: anybody's. */
type Listener = (ids: ReadonlySet<string> | undefined) => void;

/** Who stands behind a subject: asked of identity, known for five seconds, forgotten at once when identity says so. */
export class Actors {
  readonly #known = new Map<string, Remembered>();
  readonly #asking = new Map<string, Promise<Standing | undefined>>();
  readonly #listeners = new Set<Listener>();
  /** What was asked before the last word of a change is not kept. */
  #generation = 0;

  constructor(
    private readonly identity: Pick<Identity, 'findActor'>,
    private readonly now: () => number = Date.now,
  ) {}

  async find(subject: string): Promise<Standing | undefined> {
    const known = this.#known.get(subject);
    if (known && known.until > this.now()) return known.standing;
    const asking = this.#asking.get(subject) ?? this.ask(subject);
    this.#asking.set(subject, asking);
    try {
      return await asking;
    } finally {
      if (this.#asking.get(subject) === asking) this.#asking.delete(subject);
    }
  }

  /** As identity knows it now. */
  async ask(subject: string): Promise<Standing | undefined> {
    const generation = this.#generation;
    const { actor, signIns = 0 } = await this.identity.findActor(subject);
    const standing: Standing | undefined = actor ? { caller: { is: 'actor', actor }, signIns } : undefined;
    if (this.#known.size >= MOST) this.#known.clear();
    if (generation === this.#generation) this.#known.set(subject, { standing, until: this.now() + KEPT_MS });
    return standing;
  }

  /** `ids`: whose rights have changed, where that is known. */
  forget(ids?: ReadonlySet<string>): void {
    this.#generation++;
    this.#known.clear();
    this.#asking.clear();
    this.rouse(ids);
  }

  /** Those who hold a stream open ask again. */
  rouse(ids?: ReadonlySet<string>): void {
    for (const listener of this.#listeners) listener(ids);
  }

  onChange(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}
