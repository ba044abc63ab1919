export * from './days.js';
export * from './intervals.js';
