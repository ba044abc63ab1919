import { runProcess } from '../src/run-service.js';

/** A work that fails after something of it has begun that nobody ends. */
await runProcess('planted', () => {
  setInterval(() => undefined, 1_000);
  return Promise.reject(new Error('the planted work does not begin'));
});
