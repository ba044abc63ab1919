import { Chance as Numbers } from '@ateneo/demo';

/** A stream of numbers that depends on its seed alone, and others that branch off it. */
export class Chance extends Numbers {
  /** Another stream for each name. */
  branch(name: number): Chance {
    return new Chance(this.state ^ Math.imul(name + 1, 0x9e3779b1));
  }

  uuid(): string {
    const hex = Array.from({ length: 32 }, () => this.whole(0, 15).toString(16)).join('');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
  }
}
