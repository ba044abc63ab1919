export { connectNats, type NatsLink, type NatsOptions, NoServerError } from './connection.js';
export { createNatsBus } from './nats-bus.js';
export { createNatsLeases, type NatsLeasesOptions } from './nats-leases.js';
