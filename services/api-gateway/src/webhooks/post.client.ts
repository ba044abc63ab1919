import { request as requestHttp } from 'node:http';
import { request as requestHttps, type RequestOptions } from 'node:https';
import type { LookupFunction } from 'node:net';
import { type Address, TargetRefused, type Targets } from './targets.client.js';

const TIMEOUT_MS = 10_000;
const MOST_ANSWER_BYTES = 4 * 1024;

/** What became of one attempt; `reason` is 'delivered', `http-<status>`, a refused target, 'timeout' or 'not-reached'. */
export type Outcome = { readonly delivered: boolean; readonly status: number | undefined; readonly reason: string };

const lookupOf =
  (addresses: readonly Address[]): LookupFunction =>
  (_host, { all }, callback) => {
    const [first] = addresses as readonly [Address];
    if (all) (callback as (error: null, found: readonly Address[]) => void)(null, addresses);
    else callback(null, first.address, first.family);
  };

/** Posts a body to an address of a webhook: only to addresses that were checked, no redirect followed, at most 10 s, the answer's body ignored. */
export async function post(
  targets: Targets,
  address: string,
  headers: Readonly<Record<string, string>>,
  body: string,
  { signal, timeoutMs = TIMEOUT_MS }: { readonly signal?: AbortSignal; readonly timeoutMs?: number } = {},
): Promise<Outcome> {
  const late = AbortSignal.timeout(timeoutMs);
  try {
    const url = targets.parse(address);
    const addresses = await before(late, targets.addressesOf(url));
    const status = await send(url, addresses, headers, body, signal ? AbortSignal.any([late, signal]) : late);
    const delivered = status >= 200 && status < 300;
    return { delivered, status, reason: delivered ? 'delivered' : `http-${status}` };
  } catch (error) {
    const reason = error instanceof TargetRefused ? error.code : late.aborted ? 'timeout' : 'not-reached';
    return { delivered: false, status: undefined, reason };
  }
}

const before = <T>(late: AbortSignal, work: Promise<T>): Promise<T> =>
  Promise.race([
    work,
    new Promise<never>((_resolve, reject) => late.addEventListener('abort', () => reject(late.reason as Error), { once: true })),
  ]);

function send(
  url: URL,
  addresses: readonly Address[],
  headers: Readonly<Record<string, string>>,
  body: string,
  signal: AbortSignal,
): Promise<number> {
  const options: RequestOptions = {
    method: 'POST',
    hostname: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port,
    path: `${url.pathname}${url.search}`,
    headers: { ...headers, host: url.host, 'content-length': Buffer.byteLength(body) },
    agent: false,
    lookup: lookupOf(addresses),
    signal,
  };
  return new Promise((resolve, reject) => {
    const request = (url.protocol === 'https:' ? requestHttps : requestHttp)(options, (response) => {
      let bytes = 0;
      const done = () => (resolve(response.statusCode as number), request.destroy());
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > MOST_ANSWER_BYTES) done();
      });
      response.once('end', done);
      response.on('error', reject);
    });
    request.on('error', reject);
    request.end(body);
  });
}
