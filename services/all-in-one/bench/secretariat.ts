import { setTimeout as pause } from 'node:timers/promises';
import type { BenchWorld } from './bench-world.js';
import { newId } from './entry-input.js';
import type { HttpConnection } from './http-connection.js';

const LOOK_MS = 200;
const COLUMNS =
  'external_id,student_number,kind,performed_on,activities,unit,quantity,autonomy,surgical_role,participation,setting,purpose,diagnosis,procedure,simulated,period_from,period_to,credits,credited_to,state,validator,note';

const two = (n: number): string => String(n).padStart(2, '0');

export function csvOf({ trainees }: BenchWorld, rows: number): string {
  const row = (n: number) =>
    `x${n},${trainees[n % trainees.length]!.studentNumber},professional,2025-${two(1 + (n % 12))}-${two(1 + (n % 28))},CHIR-402-02,,1,guided,first-operator,,,,,,,,,,,submitted,,`;
  return [COLUMNS, ...Array.from({ length: rows }, (_, n) => row(n))].join('\n');
}

/** The secretariat at work on a connection of its own; told to come back it does. */
export class Secretariat {
  constructor(
    private readonly connection: HttpConnection,
    private readonly token: string,
  ) {}

  /** Answers the seconds that the upload took. */
  async import(world: BenchWorld, rows: number): Promise<number> {
    const importId = newId();
    const path = `/api/logbook/imports?importId=${importId}&schoolId=${world.schoolId}&fileName=bench.csv`;
    const started = performance.now();
    await this.#patiently({ method: 'POST', path, body: csvOf(world, rows), type: 'text/csv' });
    const seconds = (performance.now() - started) / 1_000;
    await this.#until(`/api/logbook/imports/${importId}`, 'checked');
    await this.#post(`/api/logbook/imports/${importId}/confirmation`, { onlyGood: false });
    await this.#until(`/api/logbook/imports/${importId}`, 'done');
    return seconds;
  }

  async print(world: BenchWorld, reports: number): Promise<void> {
    const runId = newId();
    const traineeIds = world.trainees.slice(0, reports).map(({ personId }) => personId);
    await this.#post('/api/report-runs', { runId, schoolId: world.schoolId, traineeIds });
    await this.#until(`/api/report-runs/${runId}`, 'done');
  }

  #post(path: string, body: object): Promise<unknown> {
    return this.#patiently({ method: 'POST', path, body: JSON.stringify(body), commandId: newId() });
  }

  async #until(path: string, wanted: string): Promise<void> {
    for (;;) {
      const { is } = (await this.#patiently({ method: 'GET', path })) as { is: string };
      if (is === wanted) return;
      if (is === 'failed') throw new Error(`${path} failed`);
      await pause(LOOK_MS);
    }
  }

  async #patiently(ask: Omit<Parameters<HttpConnection['send']>[0], 'token'>): Promise<unknown> {
    for (;;) {
      const { status, body } = await this.connection.send({ ...ask, token: this.token });
      if (status < 300) return JSON.parse(body);
      const { code, retryAfter = 1 } = JSON.parse(body) as { code: string; retryAfter?: number };
      if (code !== 'too-busy') throw new Error(`${ask.method} ${ask.path} answered ${status} ${body.slice(0, 500)}`);
      await pause(retryAfter * 1_000);
    }
  }
}
