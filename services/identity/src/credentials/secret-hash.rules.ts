import { argon2, createHmac, randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

/** OWASP's advice for argon2id: 19 MiB, twice over, in one lane. Raised here, it is raised for everybody at the next sign-in. */
const COST = { memory: 19_456, passes: 2, parallelism: 1 };
const PHC = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([\w+/]+)\$([\w+/]+)$/;
/** How passwords and secrets were kept before: `salt.hash`, base64url. */
const OLD = /^([\w-]+)\.([\w-]+)$/;
const OLD_COST = { N: 16_384, r: 8, p: 1 };
const BYTES = 32;

const prefixOf = ({ memory, passes, parallelism }: typeof COST): string => `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$`;
const unpadded = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '');

const derive = (password: string, nonce: Buffer, cost: typeof COST, tagLength: number): Promise<Buffer> =>
  new Promise((resolve, reject) =>
    argon2('argon2id', { message: password.normalize('NFKC'), nonce, tagLength, ...cost }, (error, key) =>
      error ? reject(error) : resolve(key),
    ),
  );
const deriveOld = (password: string, salt: Buffer): Promise<Buffer> =>
  new Promise((resolve, reject) =>
    scrypt(password.normalize('NFKC'), salt, BYTES, OLD_COST, (error, key) => (error ? reject(error) : resolve(key))),
  );

/** A password as a PHC string of argon2id. */
export async function hashOf(password: string, cost = COST): Promise<string> {
  const nonce = randomBytes(16);
  return `${prefixOf(cost)}${unpadded(nonce)}$${unpadded(await derive(password, nonce, cost, BYTES))}`;
}

/** Stands in where there is no hash, so that an unknown name takes as long as a wrong password. */
export const NO_HASH = `${prefixOf(COST)}${unpadded(Buffer.alloc(16))}$${unpadded(Buffer.alloc(BYTES))}`;

/** Whether the password is the one of a PHC string or of the old form, in constant time. */
export async function matches(password: string, stored: string): Promise<boolean> {
  const [, memory, passes, parallelism, nonce = '', tag = ''] = PHC.exec(stored) ?? [];
  if (tag) {
    const kept = Buffer.from(tag, 'base64');
    const cost = { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) };
    return timingSafeEqual(await derive(password, Buffer.from(nonce, 'base64'), cost, kept.length), kept) && stored !== NO_HASH;
  }
  const [, salt = '', hash = ''] = OLD.exec(stored) ?? [];
  const kept = Buffer.from(hash, 'base64url');
  return kept.length === BYTES && timingSafeEqual(await deriveOld(password, Buffer.from(salt, 'base64url')), kept);
}

/** Whether a password would be kept like this today; else it is hashed again as soon as it is known. */
export const isCurrent = (stored: string): boolean => stored.startsWith(prefixOf(COST));

/** A secret made of 32 random bytes: nobody guesses it, so one keyed hash is enough, and a request for a token costs no memory. */
export const randomSecretHash = (secret: string, key: Buffer): string =>
  `$hmac-sha256$${createHmac('sha256', key).update(secret).digest('base64url')}`;

/** Whether a random secret is the one of its keyed hash; undefined where it is kept in the old form. */
export function matchesRandomSecret(secret: string, stored: string, key: Buffer): boolean | undefined {
  if (OLD.test(stored)) return undefined;
  const [given, kept] = [Buffer.from(randomSecretHash(secret, key)), Buffer.from(stored)];
  return given.length === kept.length && timingSafeEqual(given, kept);
}
