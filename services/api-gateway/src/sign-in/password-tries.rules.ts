import { createHmac, timingSafeEqual } from 'node:crypto';
import { type Rate, RateLimit } from '../http/rate-limit.rules.js';
import { secret } from './sealed-text.rules.js';

/** Where a password comes from: the address, the name typed, and what the browser showed of itself. */
export type Try = { readonly address: string; readonly username: string; readonly device: string | undefined };

const RATES = {
  address: { burst: 10, perSecond: 0.2 },
  pair: { burst: 5, perSecond: 1 / 30 },
  strangers: { burst: 20, perSecond: 1 / 30 },
  device: { burst: 10, perSecond: 1 / 30 },
} satisfies Readonly<Record<string, Rate>>;
const MOST_ACCOUNTS = 8;

/** How often passwords may be tried (ADR 0031): a device that signed in to the account before waits for nobody but itself. */
export class PasswordTries {
  readonly #limits: Readonly<Record<keyof typeof RATES, RateLimit>>;

  constructor(
    private readonly key: Buffer,
    { now, most }: { readonly now?: () => number; readonly most?: number } = {},
  ) {
    const limit = (rate: Rate) => new RateLimit(rate, now, most);
    this.#limits = {
      address: limit(RATES.address),
      pair: limit(RATES.pair),
      strangers: limit(RATES.strangers),
      device: limit(RATES.device),
    };
  }

  /** 0 where the password may be looked at, else the seconds to wait. Whoever has to wait takes nothing of anybody else. */
  take({ address, username, device }: Try): number {
    const account = this.#hash('account', username);
    const known = this.#read(device);
    if (known?.accounts.includes(account)) return this.#limits.device.take(this.#hash('device', known.id, account));
    const from = this.#hash('address', address);
    return (
      this.#limits.pair.take(this.#hash('pair', from, account)) || this.#limits.address.take(from) || this.#limits.strangers.take(account)
    );
  }

  /** What the browser keeps after the right password: it names a few accounts, by keyed hashes, and who it is by chance. */
  deviceOf({ username, device }: Pick<Try, 'username' | 'device'>): string {
    const account = this.#hash('account', username);
    const known = this.#read(device);
    const others = known?.accounts.filter((other) => other !== account) ?? [];
    const text = [known?.id ?? secret(16), account, ...others].slice(0, 1 + MOST_ACCOUNTS).join('.');
    return `${text}.${this.#hash('cookie', text)}`;
  }

  #read(device: string | undefined): { readonly id: string; readonly accounts: readonly string[] } | undefined {
    const end = device?.lastIndexOf('.') ?? -1;
    if (device === undefined || end < 0) return undefined;
    const text = device.slice(0, end);
    const [given, own] = [Buffer.from(device.slice(end + 1)), Buffer.from(this.#hash('cookie', text))];
    if (given.length !== own.length || !timingSafeEqual(given, own)) return undefined;
    const [id = '', ...accounts] = text.split('.');
    return { id, accounts };
  }

  /** 22 characters, however long the texts are. */
  #hash(purpose: string, ...texts: readonly string[]): string {
    return createHmac('sha256', this.key)
      .update(JSON.stringify([purpose, ...texts]))
      .digest()
      .subarray(0, 16)
      .toString('base64url');
  }
}
