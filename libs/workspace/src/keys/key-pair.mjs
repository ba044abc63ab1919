import { createPublicKey, generateKeyPairSync } from 'node:crypto';

/** A new private key to sign passports with: Ed25519. */
export const newSigningKey = () => generateKeyPairSync('ed25519').privateKey;

/** The public half as `TRUSTED_KEYS` holds it: SPKI in base64. */
export const spkiOf = (privateKey) => createPublicKey(privateKey).export({ format: 'der', type: 'spki' }).toString('base64');
