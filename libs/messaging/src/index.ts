export * from './public-event.js';
export * from './bus.js';
export * from './position-token.js';
export { createMemoryBus } from './memory/memory-bus.js';
export { BusClient, BusServer } from './nest-transport.js';
export * from './publisher.js';
export * from './replay.js';
export * from './event-bus.js';
export * from './follower.js';
export { createLocalLeases, type Holder, type Leases, type Shared, type Sharing } from './leases.js';
export { createMemoryEventBus, MemoryEventBus } from './memory/memory-event-bus.js';
export {
  isEventStoreLent,
  openRemoteEventStore,
  RemoteEventStore,
  type RemoteEventStoreOptions,
  serveEventStore,
} from './remote-event-store.js';
