import { timingSafeEqual } from 'node:crypto';
import type { identity } from '@ateneo/contracts';
import { KeyedHash } from '@ateneo/event-sourcing';

export type Actor = identity.Actor;
/** Who calls: a person or service account through the gateway, or another service by itself. */
export type Caller = { readonly is: 'actor'; readonly actor: Actor } | { readonly is: 'service'; readonly service: string };

/** A request as it crosses the bus: the input as text, so that what was signed is what is read. */
export type OperationMessage = {
  readonly i: string;
  readonly p: string;
  readonly x: number;
  readonly s: string;
  /** Id of the key that signed, where processes have keys of their own. */
  readonly k?: string;
  readonly c?: string;
  readonly r: string;
  /** W3C `traceparent` of who asks. */
  readonly t?: string;
};
/** What a passport adds to the message. */
export type Stamp = Pick<OperationMessage, 'x' | 's' | 'k'>;

/** Signs and checks who calls for one operation and one input, for 60 s. */
export interface Passports {
  stamp(operation: string, callerText: string, inputText: string, commandId?: string): Stamp;
  check(operation: string, message: OperationMessage): Caller | undefined;
}

export const VALID_MS = 60_000;
const MOST_CALLERS = 5_000;

/** Callers by the text that was signed: the same few return all the time. */
export class CallerTexts {
  readonly #callers = new Map<string, Caller>();

  /** Throws SyntaxError where the text is no JSON. */
  read(text: string): Caller {
    const known = this.#callers.get(text);
    if (known) return known;
    const caller = JSON.parse(text) as Caller;
    if (this.#callers.size >= MOST_CALLERS) this.#callers.clear();
    this.#callers.set(text, caller);
    return caller;
  }
}

/**
 * Passports inside one process: every service lives where the key lives, so a keyed hash is as strong as a signature and fifty times cheaper.
 * Between processes the bus needs a key pair a service: `KeyPairPassports`.
 */
export class ProcessPassports implements Passports {
  readonly #callers = new CallerTexts();
  readonly #hash: KeyedHash;

  constructor(
    key: Uint8Array,
    private readonly now: () => number = Date.now,
  ) {
    this.#hash = new KeyedHash(key);
  }

  stamp(operation: string, callerText: string, inputText: string): Stamp {
    const x = this.now() + VALID_MS;
    return { x, s: this.#sign(operation, x, callerText, inputText).toString('base64') };
  }

  check(operation: string, { i, p, x, s }: OperationMessage): Caller | undefined {
    if (typeof i !== 'string' || typeof p !== 'string' || typeof s !== 'string' || !(x >= this.now() && x <= this.now() + VALID_MS))
      return undefined;
    const given = Buffer.from(s, 'base64');
    const wanted = this.#sign(operation, x, p, i);
    if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return undefined;
    return this.#callers.read(p);
  }

  #sign(operation: string, x: number, callerText: string, inputText: string): Buffer {
    return this.#hash.digest(`${operation}\n${x}\n${callerText.length}\n${callerText}${inputText}`);
  }
}
