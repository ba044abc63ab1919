import { fold } from '../../../event-sourcing/src/index.js';
export const recount = fold;
