import { b } from './b.rules.js';
export type A = { readonly b: typeof b };
