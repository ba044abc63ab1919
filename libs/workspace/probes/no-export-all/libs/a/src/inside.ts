export * from './other.js';
