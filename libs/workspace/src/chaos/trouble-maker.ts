import { setTimeout as pause } from 'node:timers/promises';
import type { Cluster } from '../cluster/cluster.js';
import type { Member } from '../cluster/member.js';
import type { Chance } from './chance.js';
import type { Client } from './client.js';
import type { Load } from './load.js';
import { type Stage, type Trouble, TROUBLES } from './troubles.js';

export type TroubleOptions = {
  readonly troubles: number;
  /** No further trouble after so many seconds. */
  readonly seconds: number;
  /** Names in `TROUBLES`; default all. */
  readonly kinds?: readonly string[];
  /** No further trouble once it is aborted. */
  readonly signal?: AbortSignal;
};
/** Of one kind of trouble; `longestWaitMs`: of any client, from the trouble's beginning until commands were answered again. */
export type TroubleTally = { readonly kind: string; readonly times: number; readonly longestWaitMs: number };
type Episode = { readonly kind: string; readonly from: number; to: number };

const READY_MS = 120_000;
const SILENCE_MS = 120_000;
const OVERLAP = 0.3;

/** Makes one kind of trouble after another, sometimes before the last is over, and knows how long people waited in each. */
export class TroubleMaker {
  readonly #episodes: Episode[] = [];
  readonly #busy = new Set<string>();
  readonly #met = new Set<Member>();
  readonly #cluster: Cluster;
  #bag: string[] = [];

  constructor(
    private readonly options: TroubleOptions,
    private readonly stage: Stage,
    private readonly load: Load,
    private readonly chance: Chance,
    private readonly say: (line: string) => void,
  ) {
    this.#cluster = stage.cluster;
  }

  /** Returns when all of it is over. */
  async make(): Promise<void> {
    const until = performance.now() + this.options.seconds * 1_000;
    const running = new Set<Promise<void>>();
    for (let made = 0; made < this.options.troubles && performance.now() < until && !this.options.signal?.aborted;) {
      await this.#answering('a command before the next trouble');
      await pause(this.chance.whole(50, 1_000));
      const next = this.#next();
      if (!next) continue;
      const [kind, trouble] = next;
      made += 1;
      this.say(`${made}: ${trouble.what} (${this.load.journal.count} acknowledgements so far)`);
      const episode = this.#episode(kind, trouble).finally(() => running.delete(episode));
      running.add(episode);
      if (this.chance.next() > OVERLAP || running.size > 2) await Promise.all(running);
    }
    await Promise.all(running);
  }

  /** Undefined where the kind whose turn it is cannot be made just now. */
  #next(): [string, Trouble] | undefined {
    if (this.#bag.length === 0) this.#bag = shuffled(this.options.kinds ?? Object.keys(TROUBLES), this.chance);
    const kind = this.#bag.pop() as string;
    const trouble = TROUBLES[kind]?.(this.stage);
    return trouble && !this.#meets(trouble) ? [kind, trouble] : undefined;
  }

  #meets({ on }: Trouble): boolean {
    const isReporting = (name: string) => name.startsWith('reporting');
    return this.#busy.has(on) || (isReporting(on) && [...this.#busy].some(isReporting));
  }

  async #episode(kind: string, trouble: Trouble): Promise<void> {
    for (const member of this.#cluster.members.values()) this.#met.add(member);
    const episode: Episode = { kind, from: performance.now(), to: Infinity };
    this.#episodes.push(episode);
    this.#busy.add(trouble.on);
    try {
      await trouble.run();
    } catch (error) {
      this.load.problems.push(`${trouble.what}: ${(error as Error).message}`);
    }
    this.#busy.delete(trouble.on);
    await this.#answering(trouble.what);
    episode.to = performance.now();
  }

  /** Resolves when another command has been acknowledged; a long silence is a finding. */
  async #answering(after: string): Promise<void> {
    const seen = this.load.journal.count;
    for (const until = performance.now() + SILENCE_MS; this.load.journal.count === seen; await pause(5))
      if (performance.now() > until) return void this.load.problems.push(`no command was acknowledged for ${SILENCE_MS} ms after ${after}`);
  }

  /** What did not come back, and what ended without having been ended; a start that found no server is none. */
  async allReady(): Promise<string[]> {
    const results = await Promise.allSettled([...this.#cluster.members.values()].map((member) => member.ready(READY_MS)));
    const found = results.flatMap((result) => (result.status === 'rejected' ? [(result.reason as Error).message] : []));
    for (const member of this.#cluster.members.values()) this.#met.add(member);
    for (const member of this.#met) {
      const byItself = member.starts - 1 - member.startedInVain - (this.stage.ended.get(member) ?? 0);
      if (byItself > 0) found.push(`${member.name} ended by itself ${byItself} times`);
    }
    return found;
  }

  tally(clients: readonly Client[]): TroubleTally[] {
    const waits = clients.flatMap((client) => client.waits);
    return [...new Set(this.#episodes.map(({ kind }) => kind))].sort().map((kind) => {
      const episodes = this.#episodes.filter((episode) => episode.kind === kind);
      const during = waits.filter(({ from, to }) => episodes.some((episode) => from < episode.to && to > episode.from));
      return { kind, times: episodes.length, longestWaitMs: Math.round(Math.max(0, ...during.map(({ from, to }) => to - from))) };
    });
  }
}

function shuffled<T>(items: readonly T[], chance: Chance): T[] {
  const left = [...items];
  return Array.from(items, () => left.splice(chance.whole(0, left.length - 1), 1)[0] as T);
}

/** A line per kind of trouble. */
export const tableOf = (troubles: readonly TroubleTally[]): string[] => [
  `${'trouble'.padEnd(22)}${'times'.padStart(6)}${'longest wait'.padStart(15)}`,
  ...troubles.map(
    ({ kind, times, longestWaitMs }) =>
      `${kind.padEnd(22)}${String(times).padStart(6)}${`${(longestWaitMs / 1_000).toFixed(1)} s`.padStart(15)}`,
  ),
];
