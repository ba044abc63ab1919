import { recount } from '../../../libs/workspace/src/index.js';
export const counters = recount;
