export * from './background-thread.js';
export * from './loop-turns.js';
