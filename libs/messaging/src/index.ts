export * from './public-event.js';
export * from './bus.js';
export * from './position-token.js';
export { createMemoryBus } from './memory/memory-bus.js';
export { BusClient, BusServer } from './nest-transport.js';
