import { scrypt, timingSafeEqual } from 'node:crypto';

/** Whether a secret is the one of a `salt.hash` (scrypt, base64url), in constant time. */
export async function matchesHash(given: string, secretHash: string): Promise<boolean> {
  const [salt, hash] = secretHash.split('.').map((part) => Buffer.from(part, 'base64url'));
  if (!salt || !hash) return false;
  const derived = await new Promise<Buffer>((resolve, reject) =>
    scrypt(given, salt, hash.length, { N: 16_384, r: 8, p: 1 }, (error, key) => (error ? reject(error) : resolve(key))),
  );
  return timingSafeEqual(derived, hash);
}
