import { a } from './a.rules.js';
export const b = (): unknown => a;
