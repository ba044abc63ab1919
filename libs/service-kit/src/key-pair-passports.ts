import { createPrivateKey, createPublicKey, type KeyObject, randomBytes, sign, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type OnProblem, Trouble } from '@ateneo/event-sourcing';
import { ConfigurationError } from './config.js';
import { type Caller, CallerTexts, type OperationMessage, type Passports, ProcessPassports, type Stamp, VALID_MS } from './passport.js';
import type { PlatformConfig } from './platform.config.js';
import { keyIdOf, TrustedKeys } from './trusted-keys.js';

/** The one process that may sign for people and service accounts. */
const GATEWAY = 'api-gateway';
/** How far the clocks of two processes may be apart. */
const SKEW_MS = 5_000;

export type SigningKey = { readonly id: string; readonly key: KeyObject };

/**
 * Passports between processes: each signs with its own Ed25519 key and holds the public keys of the others. The gateway signs for actors and
 * for itself, everyone else for itself alone. The command id is signed too, so a message sent again within its 60 s is the same command: it
 * gets the first answer once more.
 */
export class KeyPairPassports implements Passports {
  readonly #callers = new CallerTexts();

  constructor(
    private readonly own: SigningKey,
    private readonly trusted: TrustedKeys,
    private readonly now: () => number = Date.now,
  ) {}

  stamp(operation: string, callerText: string, inputText: string, commandId?: string): Stamp {
    const x = this.now() + VALID_MS;
    return { x, s: sign(null, signed(operation, x, commandId, callerText, inputText), this.own.key).toString('base64'), k: this.own.id };
  }

  check(operation: string, { i, p, x, s, k, c }: OperationMessage): Caller | undefined {
    if ([i, p, s, k].some((text) => typeof text !== 'string') || typeof x !== 'number') return undefined;
    const now = this.now();
    if (!(x >= now - SKEW_MS && x <= now + VALID_MS + SKEW_MS)) return undefined;
    const signer = this.trusted.find(k as string);
    if (!signer || !verify(null, signed(operation, x, c, p, i), signer.key, Buffer.from(s, 'base64'))) return undefined;
    return this.#read(p, signer.process);
  }

  #read(text: string, signer: string): Caller | undefined {
    try {
      const caller = this.#callers.read(text);
      return maySign(signer, caller) ? caller : undefined;
    } catch {
      return undefined;
    }
  }
}

const maySign = (signer: string, caller: Caller): boolean =>
  caller.is === 'service' ? caller.service === signer : caller.is === 'actor' && signer === GATEWAY;

const signed = (operation: string, x: number, commandId: string | undefined, callerText: string, inputText: string): Buffer =>
  Buffer.from(`${operation}\n${x}\n${JSON.stringify(commandId ?? null)}\n${callerText.length}\n${callerText}${inputText}`);

/** The passports of this process: a keyed hash on the bus of one process, key pairs on any other. Throws ConfigurationError. */
export function openPassports(
  { BUS_URL, SIGNING_KEY, TRUSTED_KEYS }: Pick<PlatformConfig, 'BUS_URL' | 'SIGNING_KEY' | 'TRUSTED_KEYS'>,
  service: string,
  onProblem?: OnProblem,
): Passports {
  if (BUS_URL.startsWith('memory:')) return new ProcessPassports(randomBytes(32));
  const missing = Object.entries({ SIGNING_KEY, TRUSTED_KEYS }).flatMap(([name, value]) => (value === undefined ? [name] : []));
  if (!SIGNING_KEY || !TRUSTED_KEYS)
    throw new ConfigurationError(
      missing.map((name) => `${name} is not set: on a bus between processes each has a key («npm run keys»)`).join('\n'),
    );
  const own = signingKeyOf(SIGNING_KEY);
  const trouble = new Trouble(onProblem, { part: 'passports', what: 'public keys of the other processes are read again' });
  const trusted = new TrustedKeys(pathOf(TRUSTED_KEYS), trouble);
  if (trusted.find(own.id)?.process !== service)
    throw new ConfigurationError(`SIGNING_KEY holds a key that ${pathOf(TRUSTED_KEYS)} does not name as one of ${service}`);
  return new KeyPairPassports(own, trusted);
}

const pathOf = (address: string): string => address.replace(/^file:(\/\/)?/, '');

function signingKeyOf(value: string): SigningKey {
  const text = value.startsWith('file:') ? contentOf(pathOf(value)) : value;
  try {
    const key = text.includes('-----BEGIN')
      ? createPrivateKey(text.replaceAll('\\n', '\n'))
      : createPrivateKey({ key: Buffer.from(text.trim(), 'base64'), format: 'der', type: 'pkcs8' });
    if (key.asymmetricKeyType === 'ed25519') return { id: keyIdOf(createPublicKey(key)), key };
  } catch {
    // the reason could show parts of it
    throw noSigningKey();
  }
  throw noSigningKey();
}

const noSigningKey = (): ConfigurationError =>
  new ConfigurationError('SIGNING_KEY holds no Ed25519 private key: it may hold one as PKCS8, in PEM or base64, or file: and its path');

function contentOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new ConfigurationError(`SIGNING_KEY names ${file}, which cannot be read: ${(error as Error).message}`);
  }
}
