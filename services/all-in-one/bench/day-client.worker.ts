import { setTimeout as pause } from 'node:timers/promises';
import { entryInput, newId } from './entry-input.js';
import { type Ask, HttpConnection } from './http-connection.js';

type Person = { readonly personId: string; readonly token: string };
export type DayPeople = { readonly trainees: readonly Person[]; readonly tutor: Person; readonly secretary: Person };
/** So many requests a second of what a day mixes, for so long; trainees share the connections evenly. */
export type DayOrder = {
  readonly url: string;
  readonly people: DayPeople;
  readonly schoolId: string;
  readonly connections: number;
  readonly perSecond: number;
  readonly seconds: number;
};
export type DayDone = {
  readonly seconds: number;
  readonly answered: number;
  readonly refused: number;
  /** Milliseconds of each page (reads). */
  readonly pages: readonly number[];
  /** Entries acknowledged, by place of the trainee. */
  readonly recorded: readonly (readonly [trainee: number, entryId: string])[];
  readonly failed: Readonly<Record<string, number>>;
};
type Act = Omit<Ask, 'token'> & { readonly person: Person; readonly entry?: readonly [trainee: number, entryId: string] };

class Day {
  readonly #acknowledged: (readonly [number, string])[] = [];
  #validated = 0;

  constructor(private readonly order: DayOrder) {}

  /** The n-th request: 70 of 100 are pages, the rest acts. */
  ask(n: number, lane: number): Act {
    const { people, schoolId } = this.order;
    const person = people.trainees[lane] as Person;
    const of = (path: string, who = person): Act => ({ method: 'GET', path: `/api/${path}`, person: who });
    const share = (n * 37) % 100;
    if (share < 22) return this.#record(lane, n, true);
    if (share < 25) return this.#record(lane, n, false);
    if (share < 30) return this.#validate(lane, n);
    if (share < 42) return of(`logbook/entries?traineeId=${person.personId}&state=draft&size=5`);
    if (share < 57) return of(`logbook/entries?traineeId=${person.personId}&size=20&page=${1 + (n % 2)}`);
    if (share < 75) return of(`trainees/${person.personId}/counters`);
    if (share < 85) return of('logbook/suggestions');
    if (share < 92) return of('logbook/waiting?size=8', people.tutor);
    if (share < 95) return of('logbook/entries?state=submitted&size=100', people.tutor);
    if (share < 98) return of(`trainees?schoolId=${schoolId}&size=50`, people.secretary);
    return of('session');
  }

  acknowledge(entry: readonly [number, string]): void {
    this.#acknowledged.push(entry);
  }

  get recorded(): readonly (readonly [number, string])[] {
    return this.#acknowledged;
  }

  #record(lane: number, n: number, submit: boolean): Act {
    const input = { ...entryInput(n), submit };
    const person = this.order.people.trainees[lane] as Person;
    return { ...this.#post('logbook/entries', input, person), entry: submit ? [lane, input.entryId] : undefined };
  }

  #validate(lane: number, n: number): Act {
    const entry = this.#acknowledged[this.#validated];
    if (!entry) return this.#record(lane, n, true);
    this.#validated += 1;
    return this.#post(`logbook/entries/${entry[1]}/validation`, {}, this.order.people.tutor);
  }

  #post(path: string, body: object, person: Person): Act {
    return { method: 'POST', path: `/api/${path}`, body: JSON.stringify(body), commandId: newId(), person };
  }
}

async function live(order: DayOrder): Promise<DayDone> {
  const { url, people, connections, perSecond, seconds } = order;
  const day = new Day(order);
  const open = await Promise.all(Array.from({ length: connections }, () => HttpConnection.open(url)));
  const pages: number[] = [];
  const failed: Record<string, number> = {};
  let [next, answered, refused] = [0, 0, 0];
  const started = performance.now();
  const lane = async (connection: HttpConnection, at: number) => {
    for (let n = next++; n < perSecond * seconds; n = next++) {
      const due = started + (n * 1_000) / perSecond;
      const early = due - performance.now();
      if (early > 1) await pause(early);
      if (performance.now() - started > seconds * 1_000) return;
      const { person, entry, ...ask } = day.ask(n, at % people.trainees.length);
      const sent = performance.now();
      const { status, body } = await connection.send({ ...ask, token: person.token });
      if (status < 300) {
        answered += 1;
        if (ask.method === 'GET') pages.push(performance.now() - sent);
        if (entry) day.acknowledge(entry);
      } else if (status === 503 && body.includes('too-busy')) refused += 1;
      else failed[`${ask.path.slice(0, 30)} ${status} ${body.slice(0, 200)}`] = (failed[ask.path] ?? 0) + 1;
    }
  };
  await Promise.all(open.map(lane));
  for (const connection of open) connection.close();
  return { seconds: (performance.now() - started) / 1_000, answered, refused, pages, recorded: day.recorded, failed };
}

process.on('message', (order: DayOrder) => {
  void live(order).then(
    (done) => process.send?.({ done }),
    (error: unknown) => process.send?.({ error: String(error) }),
  );
});
