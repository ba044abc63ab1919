/** Whoever is first in line for this long shows that more comes in than goes out, where it does not pass by itself. */
export const MOST_WAIT_MS = 200;
/** A standstill leaves a line that is soon gone: only one that has been late for so long turns away. */
export const LATE_MS = 300;
/** In one turn of the event loop so many requests begin at least, and at most; between turns whatever else is ready is answered, health first of all. */
const [FEW, MANY] = [4, 32];
/** Between the two a part of the line, so that it shortens as fast as it is long. */
const SHARE = 4;
const MOST_RETRY_SECONDS = 30;
/** Begun requests are cleared from the line so many at a time, and whenever nobody waits. */
const FORGOTTEN = 500;
const SECOND = 1_000;

type Waiting = { readonly begin: () => void; readonly at: number };
type Flow = { readonly since: number; begun: number; refused: number };

/** Requests in the order in which they came: few begin at a time, and none is taken in while the first has waited too long for some time. What has begun goes on. */
export class WaitingLine {
  #line: Waiting[] = [];
  #first = 0;
  #turning = false;
  #lateSince: number | undefined;
  #flow: readonly [before: Flow, now: Flow];

  constructor(
    private readonly now: () => number = () => performance.now(),
    private readonly turn: (next: () => void) => void = setImmediate,
  ) {
    this.#flow = [emptyFlow(now()), emptyFlow(now())];
  }

  /** 0 where the request is taken in, to begin in its turn; else after how many seconds it may be sent again. */
  join(begin: () => void): number {
    const at = this.now();
    const [, flow] = this.#flowAt(at);
    if (this.#isLate(at)) {
      flow.refused++;
      return this.#retryAfter();
    }
    this.#line.push({ begin, at });
    this.#go();
    return 0;
  }

  #isLate(at: number): boolean {
    const late = at - (this.#line[this.#first]?.at ?? at) > MOST_WAIT_MS;
    this.#lateSince = late ? (this.#lateSince ?? at) : undefined;
    return at - (this.#lateSince ?? at) >= LATE_MS;
  }

  /** Those turned away come back on top of what comes in anyway: the more of them, the later each. */
  #retryAfter(): number {
    const [begun, refused] = ['begun' as const, 'refused' as const].map((what) => this.#flow[0][what] + this.#flow[1][what]) as [
      number,
      number,
    ];
    return Math.min(MOST_RETRY_SECONDS, 1 + Math.floor(refused / Math.max(1, begun)));
  }

  #go(): void {
    if (this.#turning || this.#first === this.#line.length) return;
    this.#turning = true;
    this.turn(() => {
      this.#turning = false;
      const [, flow] = this.#flowAt(this.now());
      const waiting = this.#line.length - this.#first;
      for (let left = Math.min(waiting, MANY, Math.max(FEW, Math.ceil(waiting / SHARE))); left > 0; left--) {
        const { begin } = this.#line[this.#first++] as Waiting;
        flow.begun++;
        begin();
      }
      if (this.#first >= FORGOTTEN || this.#first === this.#line.length) [this.#line, this.#first] = [this.#line.slice(this.#first), 0];
      this.#go();
    });
  }

  #flowAt(at: number): readonly [Flow, Flow] {
    const [, now] = this.#flow;
    if (at - now.since >= SECOND) this.#flow = [at - now.since < 2 * SECOND ? now : emptyFlow(at), emptyFlow(at)];
    return this.#flow;
  }
}

const emptyFlow = (since: number): Flow => ({ since, begun: 0, refused: 0 });
