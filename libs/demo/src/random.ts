import { uuidv8 } from '@ateneo/event-sourcing';

/** A stream of numbers that depends on its name, or number, alone, so that no part of the demo moves another. */
export class Chance {
  protected state: number;

  constructor(name: string | number) {
    this.state = (typeof name === 'number' ? name : hashOf(name)) >>> 0;
  }

  /** From 0 up to 1. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let t = this.state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  }
  /** A whole number from `from` to `to`, both included. */
  whole(from: number, to: number): number {
    return from + Math.floor(this.next() * (to - from + 1));
  }
  pick<T>(from: readonly T[]): T {
    return from[Math.floor(this.next() * from.length)] as T;
  }
  happens(share: number): boolean {
    return this.next() < share;
  }
}

function hashOf(name: string): number {
  let hash = 2_166_136_261;
  for (const c of name) hash = Math.imul(hash ^ c.charCodeAt(0), 16_777_619);
  return hash;
}

/** The same id for the same thing at every first start. */
export const demoId = (...parts: (string | number)[]): string => uuidv8('ateneo-demo', ...parts.map(String));
