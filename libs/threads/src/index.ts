export * from './background-thread.js';
