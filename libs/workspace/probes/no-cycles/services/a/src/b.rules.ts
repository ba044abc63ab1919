import type { A } from './a.rules.js';
export const b = (a: A): A => a;
