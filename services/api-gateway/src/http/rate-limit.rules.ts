export type Rate = { readonly burst: number; readonly perSecond: number };

/** Token buckets by key, in memory and bounded: the buckets longest untouched are forgotten first. */
export class RateLimit {
  readonly #buckets = new Map<string, { tokens: number; at: number }>();

  constructor(
    private readonly rate: Rate,
    private readonly now: () => number = Date.now,
    private readonly most = 50_000,
  ) {}

  /** 0 where the caller may go on, else the seconds to wait. */
  take(key: string): number {
    const at = this.now();
    const known = this.#buckets.get(key);
    const tokens = known ? Math.min(this.rate.burst, known.tokens + ((at - known.at) / 1000) * this.rate.perSecond) : this.rate.burst;
    this.#buckets.delete(key);
    if (this.#buckets.size >= this.most) this.#buckets.delete(this.#buckets.keys().next().value as string);
    const allowed = tokens >= 1;
    this.#buckets.set(key, { tokens: allowed ? tokens - 1 : tokens, at });
    return allowed ? 0 : Math.max(1, Math.ceil((1 - tokens) / this.rate.perSecond));
  }
}

/** Half of an IPv6 address is the subscriber's to choose (RFC 6177): they count as one, as an IPv4 address does. Mapped IPv4 counts as itself. */
export function subscriberOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  if (mapped) return mapped[1] as string;
  if (!address.includes(':')) return address;
  const [head = '', tail] = (address.split('%')[0] as string).split('::');
  const [before, after] = [head, tail ?? ''].map((part) => part.split(':').filter(Boolean)) as [string[], string[]];
  const groups =
    tail === undefined ? before : [...before, ...Array<string>(Math.max(0, 8 - before.length - after.length)).fill('0'), ...after];
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}
