import { lookup, Resolver } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';

export type Address = { readonly address: string; readonly family: 4 | 6 };
export type Resolve = (host: string) => Promise<readonly Address[]>;
/** Why an address is not spoken to. */
export type TargetCode = 'address-not-valid' | 'https-needed' | 'port-not-allowed' | 'address-not-public' | 'name-not-found';

export class TargetRefused extends Error {
  override readonly name = 'TargetRefused';
  constructor(readonly code: TargetCode) {
    super(code);
  }
}

const MOST_CHARACTERS = 2_000;
const PORTS = new Set(['', '443', '8443']);
/** IANA special-purpose registries, and Azure's host at a public address. */
const CLOSED_4 = `0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 192.88.99.0/24
  192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4 168.63.129.16/32`;
/** Inside 2000::/3; what lies outside it (loopback, mapped, NAT64, unique local, link-local, multicast) is closed as a whole. */
const CLOSED_6 = '2001::/23 2001:db8::/32 2002::/16 3fff::/20';

const closed = new BlockList();
const open6 = new BlockList();
for (const [list, type] of [
  [CLOSED_4, 'ipv4'],
  [CLOSED_6, 'ipv6'],
] as const)
  for (const range of list.split(/\s+/)) closed.addSubnet(range.split('/')[0] as string, Number(range.split('/')[1]), type);
open6.addSubnet('2000::', 3, 'ipv6');

/** Whether an IP address is one of the public Internet. */
export function isPublic(address: string): boolean {
  if (isIP(address) === 4) return !closed.check(address, 'ipv4');
  return isIP(address) === 6 && open6.check(address, 'ipv6') && !closed.check(address, 'ipv6');
}

/** Asks name servers only, within bounds: a slow one holds up no thread. */
const resolvePublic: Resolve = async (host) => {
  const resolver = new Resolver({ timeout: 2_000, tries: 2 });
  const [four, six] = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)]);
  const found = (settled: PromiseSettledResult<string[]>, family: 4 | 6) =>
    settled.status === 'fulfilled' ? settled.value.map((address) => ({ address, family })) : [];
  return [...found(four, 4), ...found(six, 6)];
};
const resolveAny: Resolve = async (host) => (await lookup(host, { all: true })) as Address[];

/** Which addresses a webhook may have: https to public addresses, unless `allowPrivate` (tests and the demo) opens the rest. */
export class Targets {
  readonly #resolve: Resolve;

  constructor(
    private readonly allowPrivate: boolean,
    resolve?: Resolve,
  ) {
    this.#resolve = resolve ?? (allowPrivate ? resolveAny : resolvePublic);
  }

  /** Throws TargetRefused. */
  parse(text: string): URL {
    const url = text.length <= MOST_CHARACTERS && URL.canParse(text) ? new URL(text) : undefined;
    if (!url || url.username !== '' || url.password !== '' || !['http:', 'https:'].includes(url.protocol))
      throw new TargetRefused('address-not-valid');
    url.hash = '';
    if (this.allowPrivate) return url;
    if (url.protocol !== 'https:') throw new TargetRefused('https-needed');
    if (!PORTS.has(url.port)) throw new TargetRefused('port-not-allowed');
    return url;
  }

  /** The addresses to connect to, each of them checked: nothing is resolved a second time. Throws TargetRefused. */
  async addressesOf(url: URL): Promise<readonly Address[]> {
    const host = url.hostname.replace(/^\[|\]$/g, '');
    const family = isIP(host);
    const found = family ? [{ address: host, family: family as 4 | 6 }] : await this.#resolve(host).catch(() => []);
    if (found.length === 0) throw new TargetRefused('name-not-found');
    if (!this.allowPrivate && !found.every(({ address }) => isPublic(address))) throw new TargetRefused('address-not-public');
    return found;
  }
}
