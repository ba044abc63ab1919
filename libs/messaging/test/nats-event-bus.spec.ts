import { after, before, describe } from 'node:test';
import { natsMissing } from '../../workspace/src/nats.mjs';
import { eventBusConformance } from '../conformance/event-bus.conformance.js';
import { networkOn, type RunningServer, runServer } from './nats-server.js';

describe('the event bus on NATS', { skip: natsMissing() ?? false }, () => {
  let server: RunningServer;
  before(async () => (server = await runServer()));
  after(() => server.stop());
  eventBusConformance('NATS', () => networkOn(server));
});
