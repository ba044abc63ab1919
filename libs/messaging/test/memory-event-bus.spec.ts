import { eventBusConformance } from '../conformance/event-bus.conformance.js';
import { createMemoryBus, createMemoryEventBus } from '../src/index.js';

eventBusConformance('memory', async () => {
  const [bus, eventBus] = [createMemoryBus(), createMemoryEventBus()];
  return { join: async () => ({ bus, eventBus, close: () => eventBus.close() }), close: () => bus.close() };
});
