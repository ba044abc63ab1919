import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

const COST = { N: 16_384, r: 8, p: 1 };
const BYTES = 32;

const derive = (secret: string, salt: Buffer): Promise<Buffer> =>
  new Promise((resolve, reject) =>
    scrypt(secret.normalize('NFKC'), salt, BYTES, COST, (error, key) => (error ? reject(error) : resolve(key))),
  );

/** scrypt, as `salt.hash` in base64url. */
export async function hashOf(secret: string): Promise<string> {
  const salt = randomBytes(16);
  return `${salt.toString('base64url')}.${(await derive(secret, salt)).toString('base64url')}`;
}

/** Stands in where there is no hash, so that an unknown name takes as long as a wrong password. */
export const NO_HASH = `${Buffer.alloc(16).toString('base64url')}.${Buffer.alloc(BYTES).toString('base64url')}`;

export async function matches(secret: string, stored: string): Promise<boolean> {
  const [salt, hash] = stored.split('.').map((part) => Buffer.from(part, 'base64url'));
  if (!salt || hash?.length !== BYTES) return false;
  return timingSafeEqual(await derive(secret, salt), hash) && stored !== NO_HASH;
}
