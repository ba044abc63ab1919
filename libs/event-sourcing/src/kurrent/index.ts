export { KurrentEventStore, type KurrentEventStoreOptions, openKurrentEventStore, renewKurrentEpoch } from './kurrent-event-store.js';
