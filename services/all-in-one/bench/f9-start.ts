import { startPlatform } from '@ateneo/workspace/platform';
import { CONNECTIONS, countersAt, ENTRIES, inFolder, LoadClient, residentMb, tokensOf } from './bench-platform.js';
import { HttpConnection } from './http-connection.js';

const REQUESTS = 20_000;
const SETTLED_MS = 2_000;

type Start = { readonly startMs: number; readonly rssStartMb: number; readonly rssAfterF4Mb: number };
type DemoPerson = { readonly personId: string; readonly username: string; readonly role: string; readonly note: { readonly en: string } };

/** The demo's trainee whose cohort has the catalogue that the benches log from. */
async function loggingTrainee(connection: HttpConnection): Promise<DemoPerson> {
  const { people } = await connection.json<{ people: DemoPerson[] }>({ method: 'GET', path: '/api/demo-people' });
  const found = people.find(({ role, note }) => role === 'trainee' && note.en.startsWith('General surgery') && !note.en.includes('act'));
  if (!found) throw new Error('the demo has no trainee of general surgery');
  return found;
}

/** F9: milliseconds from the start on existing demo data until ready, and resident memory then and after the load of F4. */
export async function f9(): Promise<{ ours: Start }> {
  return inFolder(async (dataDir) => {
    await (await startPlatform({ dataDir })).stop();
    const platform = await startPlatform({ dataDir });
    try {
      await new Promise((resolve) => setTimeout(resolve, SETTLED_MS));
      const rssStartMb = residentMb(platform.pid);
      const connection = await HttpConnection.open(platform.url);
      const person = await loggingTrainee(connection);
      const tokens = await tokensOf(platform.url, [person]);
      const client = new LoadClient();
      const { tokens: positions } = await client.run({
        url: platform.url,
        path: ENTRIES,
        tokens,
        connections: CONNECTIONS,
        requests: REQUESTS,
      });
      client.end();
      for (const position of positions) await countersAt(connection, person.personId, tokens[0]!, position);
      connection.close();
      return { ours: { startMs: Math.round(platform.startMs), rssStartMb, rssAfterF4Mb: residentMb(platform.pid) } };
    } finally {
      await platform.stop();
    }
  });
}
