import { setTimeout as pause } from 'node:timers/promises';
import { type Bench, CONNECTIONS, ENTRIES, LoadClient, onPlatform, round, tokensOf } from './bench-platform.js';
import type { BenchWorld } from './bench-world.js';
import { newId } from './entry-input.js';
import { HttpConnection } from './http-connection.js';

const ROWS = 50_000;
const REPORTS = 50;
const REQUESTS = 20_000;
const LOOK_MS = 200;
const COLUMNS =
  'external_id,student_number,kind,performed_on,activities,unit,quantity,autonomy,surgical_role,participation,setting,purpose,diagnosis,procedure,simulated,period_from,period_to,credits,credited_to,state,validator,note';

const two = (n: number): string => String(n).padStart(2, '0');

function csvOf({ trainees }: BenchWorld): string {
  const row = (n: number) =>
    `x${n},${trainees[n % trainees.length]!.studentNumber},professional,2025-${two(1 + (n % 12))}-${two(1 + (n % 28))},CHIR-402-02,,1,guided,first-operator,,,,,,,,,,,submitted,,`;
  return [COLUMNS, ...Array.from({ length: ROWS }, (_, n) => row(n))].join('\n');
}

/** The secretariat at work on a connection of its own. */
class Secretariat {
  constructor(
    private readonly connection: HttpConnection,
    private readonly token: string,
  ) {}

  async import({ world }: Bench): Promise<void> {
    const importId = newId();
    const path = `/api/logbook/imports?importId=${importId}&schoolId=${world.schoolId}&fileName=bench.csv`;
    await this.connection.json({ method: 'POST', path, token: this.token, body: csvOf(world), type: 'text/csv' });
    await this.#until(`/api/logbook/imports/${importId}`, 'checked');
    await this.#post(`/api/logbook/imports/${importId}/confirmation`, { onlyGood: false });
    await this.#until(`/api/logbook/imports/${importId}`, 'done');
  }

  async print({ world }: Bench): Promise<void> {
    const runId = newId();
    const traineeIds = world.trainees.slice(0, REPORTS).map(({ personId }) => personId);
    await this.#post('/api/report-runs', { runId, schoolId: world.schoolId, traineeIds });
    await this.#until(`/api/report-runs/${runId}`, 'done');
  }

  #post(path: string, body: object): Promise<unknown> {
    return this.connection.json({ method: 'POST', path, token: this.token, body: JSON.stringify(body), commandId: newId() });
  }

  async #until(path: string, wanted: string): Promise<void> {
    for (;;) {
      const { is } = await this.connection.json<{ is: string }>({ method: 'GET', path, token: this.token });
      if (is === wanted) return;
      if (is === 'failed') throw new Error(`${path} failed`);
      await pause(LOOK_MS);
    }
  }
}

/** Milliseconds of event loop delay since the last look, by quantile. */
async function loopDelay(url: string): Promise<(quantile: string) => number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return (quantile) =>
    Number(new RegExp(`^ateneo_event_loop_delay_seconds\\{quantile="${quantile}",service="[\\w-]+"\\} (\\S+)$`, 'm').exec(text)?.[1]) *
    1_000;
}

/** F14: event loop delay of the platform while the load of F4, an import of 50,000 rows and 50 reports run together. */
export async function f14(): Promise<{ ours: { p999: number; max: number } }> {
  return onPlatform({ trainees: CONNECTIONS, entriesEach: 10 }, async (bench) => {
    const { url } = bench.platform;
    const tokens = await tokensOf(url, bench.world.trainees);
    const [secretary] = await tokensOf(url, [bench.world.secretary]);
    const connections = await Promise.all([HttpConnection.open(url), HttpConnection.open(url)]);
    const [importing, printing] = connections.map((connection) => new Secretariat(connection, secretary!)) as [Secretariat, Secretariat];
    const client = new LoadClient();
    await client.run({ url, path: ENTRIES, tokens, connections: CONNECTIONS, requests: REQUESTS / 10 });
    await loopDelay(url);
    let busy = true;
    const load = async () => {
      while (busy) await client.run({ url, path: ENTRIES, tokens, connections: CONNECTIONS, requests: REQUESTS });
    };
    const work = Promise.all([importing.import(bench), printing.print(bench)]).finally(() => (busy = false));
    await Promise.all([work, load()]);
    const delay = await loopDelay(url);
    client.end();
    for (const connection of connections) connection.close();
    return { ours: { p999: round(delay('0.999')), max: round(delay('1')) } };
  });
}
