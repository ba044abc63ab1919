import { log } from '../../event-sourcing/src/sqlite/event-log.js';
export const inside = log;
