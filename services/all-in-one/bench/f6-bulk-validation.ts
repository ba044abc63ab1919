import { onPlatform, round, tokensOf } from './bench-platform.js';
import { newId } from './entry-input.js';
import { HttpConnection } from './http-connection.js';

const ENTRIES_EACH = 20;
const TRAINEES = 50;
const WARM_UPS = 2;

type Row = { readonly entryId: string; readonly revision: number };
type Bulk = { readonly validated: number; readonly reversed: number };

class Tutor {
  constructor(
    private readonly connection: HttpConnection,
    private readonly token: string,
  ) {}

  async waiting(): Promise<Row[]> {
    const rows: Row[] = [];
    for (let page = 1; ; page++) {
      const path = `/api/logbook/entries?state=submitted&size=200&page=${page}`;
      const { entries } = await this.connection.json<{ entries: Row[] }>({ method: 'GET', path, token: this.token });
      rows.push(...entries.map(({ entryId, revision }) => ({ entryId, revision })));
      if (entries.length < 200) return rows;
    }
  }

  post<T>(path: string, body: object): Promise<T> {
    return this.connection.json<T>({
      method: 'POST',
      path: `/api/logbook/${path}`,
      token: this.token,
      body: JSON.stringify(body),
      commandId: newId(),
    });
  }

  /** Validates all at once; answers the seconds and how to take it back. */
  async atOnce(entries: readonly Row[]): Promise<{ seconds: number; undo(): Promise<void> }> {
    const batchId = newId();
    const started = performance.now();
    const { validated } = await this.post<Bulk>('validations', { batchId, entries });
    const seconds = (performance.now() - started) / 1_000;
    if (validated !== entries.length) throw new Error(`${validated} of ${entries.length} were validated`);
    const entryIds = entries.map(({ entryId }) => entryId);
    return { seconds, undo: async () => void (await this.post<Bulk>(`validations/${batchId}/reversal`, { batchId, entryIds })) };
  }
}

/** The same entries after each act and its reversal stand two revisions further. */
const after = (rows: readonly Row[], acts: number): Row[] =>
  rows.map(({ entryId, revision }) => ({ entryId, revision: revision + 2 * acts }));

/** F6: seconds to validate 1,000 entries at once, answered entry by entry, against the same 1,000 one by one over HTTP. */
export async function f6(): Promise<{ ours: number; reference: number }> {
  return onPlatform({ trainees: TRAINEES, entriesEach: ENTRIES_EACH }, async ({ platform: { url }, world }) => {
    const connection = await HttpConnection.open(url);
    const tutor = new Tutor(connection, (await tokensOf(url, [world.tutor]))[0]!);
    const rows = await tutor.waiting();
    const ours: number[] = [];
    for (let act = 0; act <= WARM_UPS; act++) {
      const { seconds, undo } = await tutor.atOnce(after(rows, act));
      ours.push(seconds);
      await undo();
    }
    const started = performance.now();
    for (const { entryId } of rows) await tutor.post(`entries/${entryId}/validation`, {});
    const reference = (performance.now() - started) / 1_000;
    connection.close();
    console.error(`  ${rows.length} entries at once: ${ours.map(round).join(', ')} s`);
    return { ours: round(ours.at(-1)!), reference: round(reference) };
  });
}
