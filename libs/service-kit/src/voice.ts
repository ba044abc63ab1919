import type { operator } from '@ateneo/contracts';
import { isAway, type OnProblem, type Part, type Problem, quotes, reasonOf, traceId } from '@ateneo/event-sourcing';
import type { Logger } from './log.js';
import type { Measured, Metrics } from './metrics.js';

export type HeardProblem = operator.ProblemStatus;

type Heard = {
  readonly service: string;
  readonly part: Part;
  readonly what: string;
  readonly since: number;
  last: number;
  times: number;
  goesOn: boolean;
  reason: string;
  loggedAt: number;
};
export type VoiceOptions = {
  /** Name of the process: where a problem names no service. */
  readonly service: string;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly now?: () => number;
};

const LOG_AGAIN_MS = 60_000;
/** What is over, or happened once, is shown so long. */
const SHOWN_MS = 3_600_000;
const MOST_ROWS = 500;
const MOST_SHOWN = 100;

/** Everything of a process that fails where nobody waits for an answer becomes a log line, a metric and a row for operators. */
export class Voice {
  readonly #options: VoiceOptions;
  readonly #now: () => number;
  readonly #rows = new Map<string, Heard>();

  constructor(options: VoiceOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    options.metrics.gauge('ateneo_problem_seconds', 'For how long the oldest problem of a part has gone on', ['service', 'part'], () =>
      this.#ages(),
    );
  }

  /** A failure that goes on is logged at its 1st, 2nd, 4th, 8th … time and at least once a minute; one with a correlation id always. */
  readonly hear: OnProblem = (problem) => {
    if (problem.is === 'over') return this.#over(problem);
    const row = this.#row(problem);
    row.times += 1;
    row.last = this.#now();
    row.reason = reasonOf(problem.error);
    const { service, part, what, times } = row;
    this.#options.metrics.problem({ service, part, kind: kindOf(problem.error) });
    const due = (times & (times - 1)) === 0 || row.last - row.loggedAt >= LOG_AGAIN_MS;
    if (!due && problem.correlationId === undefined) return;
    row.loggedAt = row.last;
    const { error, correlationId, origin } = problem;
    const fields = { service, part, what, origin, times, since: iso(row.since), correlationId, traceId: traceId(), error };
    const level = isAway(error) ? 'warn' : 'error';
    this.#options.log[level](fields, problem.is === 'goes-on' ? `${part} fails` : `${part} failed`);
  };

  /** Rows of one service: what goes on first, then what was lately. Without personal data. */
  of(service: string): HeardProblem[] {
    const { service: process } = this.#options;
    this.#forget();
    return [...this.#rows.values()]
      .filter((row) => row.service === service || (row.service === process && service === 'api-gateway'))
      .sort((a, b) => Number(b.goesOn) - Number(a.goesOn) || b.last - a.last)
      .slice(0, MOST_SHOWN)
      .map(({ part, what, since, last, times, goesOn, reason }) => ({
        ...{ part, what, times, goesOn, reason },
        since: iso(since),
        last: iso(last),
      }));
  }

  #row({ part, what, service = this.#options.service, is }: Problem): Heard {
    const key = keyOf(part, what, service);
    const known = this.#rows.get(key);
    const goesOn = is === 'goes-on';
    if (known && known.goesOn === goesOn) return known;
    const since = this.#now();
    const row: Heard = { part, what, service, since, last: since, times: 0, goesOn, reason: '', loggedAt: since };
    this.#rows.delete(key);
    this.#forget();
    this.#rows.set(key, row);
    return row;
  }

  #over({ part, what, service = this.#options.service }: Problem): void {
    const row = this.#rows.get(keyOf(part, what, service));
    if (!row?.goesOn) return;
    row.goesOn = false;
    const now = this.#now();
    const seconds = Math.round((now - row.since) / 1_000);
    row.last = now;
    this.#options.log.info({ service, part, what, times: row.times, seconds }, `${part} works again after ${seconds} s`);
  }

  /** Old rows go; of too many those that are over go first, the oldest of them before the others. */
  #forget(): void {
    const oldest = this.#now() - SHOWN_MS;
    for (const [key, row] of this.#rows) if (!row.goesOn && row.last < oldest) this.#rows.delete(key);
    while (this.#rows.size >= MOST_ROWS) {
      const [key] = [...this.#rows].find(([, { goesOn }]) => !goesOn) ?? [...this.#rows][0]!;
      this.#rows.delete(key);
    }
  }

  #ages(): Measured[] {
    const oldest = new Map<string, Heard>();
    for (const row of this.#rows.values()) {
      const key = `${row.service} ${row.part}`;
      if (row.goesOn && row.since < (oldest.get(key)?.since ?? Infinity)) oldest.set(key, row);
    }
    return [...oldest.values()].map(({ service, part, since }) => ({ labels: { service, part }, value: (this.#now() - since) / 1_000 }));
  }
}

const keyOf = (part: Part, what: string, service: string): string => `${service} ${part} ${what}`;
const iso = (ms: number): string => new Date(ms).toISOString();
/** One word of few: a metric has no room for messages. */
const kindOf = (error: unknown): string => (isAway(error) ? 'away' : error instanceof Error && quotes(error) ? 'data' : 'failure');
