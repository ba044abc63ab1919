import { busConformance } from '../conformance/bus.conformance.js';
import { createMemoryBus } from '../src/memory/memory-bus.js';

busConformance('memory', async () => createMemoryBus(), { none: 'the bus of one process has no server' });
