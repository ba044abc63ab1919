import { b } from './b.rules.js';
export const a = (): unknown => b;
