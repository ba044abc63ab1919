export { connectNats, type NatsLink, type NatsOptions, NoServerError } from './connection.js';
export { createNatsBus } from './nats-bus.js';
