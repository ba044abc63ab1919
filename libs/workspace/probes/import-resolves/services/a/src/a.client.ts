import { nothing } from './nowhere.js';
export const held: unknown = nothing;
