export { connectNats, type NatsLink, type NatsOptions, NoServerError } from './connection.js';
export { createNatsBus } from './nats-bus.js';
export { createNatsLeases, type NatsLeasesOptions } from './nats-leases.js';
export { createNatsEventBus, type NatsEventBus, type NatsEventBusOptions } from './nats-event-bus.js';
export type { RelayStatus } from './relay.js';
export { HEADERS, type StreamSettings, streamOf } from './event-stream.js';
