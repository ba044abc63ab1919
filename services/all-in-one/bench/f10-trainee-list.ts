import { latencies, onPlatform, tokensOf } from './bench-platform.js';
import { HttpConnection } from './http-connection.js';

const TRAINEES = 3_000;
const ENTRIES_EACH = 3;
const ASKED = 400;
const WARM_UP = 100;

/** F10: milliseconds to a page of 3,000 trainees with their counters, filtered and sorted by name and by progress. */
export async function f10(): Promise<{ ours: { p50: number; p99: number } }> {
  return onPlatform(
    { trainees: TRAINEES, entriesEach: ENTRIES_EACH },
    async ({ platform: { url }, world: { secretary, schoolId, cohortId } }) => {
      const connection = await HttpConnection.open(url);
      const token = (await tokensOf(url, [secretary]))[0]!;
      const questions = ['name', 'progress'].flatMap((sort) =>
        [false, true].map((descending) => `schoolId=${schoolId}&cohortId=${cohortId}&waiting=true&sort=${sort}&descending=${descending}`),
      );
      const times: number[] = [];
      for (let n = 0; n < ASKED + WARM_UP; n++) {
        const started = performance.now();
        const path = `/api/trainees?${questions[n % questions.length]}&page=${1 + (n % 50)}`;
        const { total } = await connection.json<{ total: number }>({ method: 'GET', path, token });
        if (total !== TRAINEES) throw new Error(`${total} trainees were listed`);
        if (n >= WARM_UP) times.push(performance.now() - started);
      }
      connection.close();
      return { ours: latencies(times) };
    },
  );
}
