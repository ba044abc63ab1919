import { Commands, factsFrom, peopleIn, type PersonKeys, type StoredEvent } from '@ateneo/event-sourcing';
import { Publisher, serveReplay } from '@ateneo/messaging';
import { type Change, ProjectionRunner, sealerOf } from '@ateneo/read-models';
import { lendEventStore, openEventStore } from './adapters.js';
import { openKeys, openReadModels } from './databases.js';
import { headSigning } from './head-signing.js';
import { serveOperator } from './operator-acts.js';
import type { Platform } from './platform.js';
import type { Aggregate, ServiceDefinition } from './service-definition.js';
import { measureService } from './service-metrics.js';
import { checkReads } from './service-reads.js';
import { type Announcement, ServiceRuntime } from './service-runtime.js';
import { sideTables } from './side-tables.js';
import { statusOf, tellStatus } from './status.js';

const MOST_CHANGES = 1_000;

/** Opens what a service is made of; nothing runs yet. */
export async function openRuntime(definition: ServiceDefinition, platform: Platform): Promise<ServiceRuntime> {
  checkReads(definition);
  const { name, aggregates, projections, mappingVersion } = definition;
  const { publicUrl, onProblem } = platform;
  const keys = await openKeys(platform, name);
  const store = await openEventStore(platform, name);
  const signing = headSigning(platform, name, store);
  await signing?.begin(store);
  const commands = new Commands({ store, keys, hashKey: platform.derive(`commands:${name}`) });
  const read = reader(aggregates, keys);
  const mappings = Object.fromEntries(
    aggregates.flatMap(({ decider, published }) => (published ? [[decider.category, published] as const] : [])),
  );
  const publisher = new Publisher({ service: name, store, mappings, mappingVersion, publicUrl, onProblem });
  const readModels = await openReadModels(platform, name, sealerOf(keys));
  const runner = new ProjectionRunner({
    service: name,
    readModels,
    events: platform.eventBus,
    own: { service: name, store, read, prepare: (events) => keys.fetch(peopleIn(events)) },
    projections,
    leases: platform.leases,
    onProblem,
  });
  const side = sideTables(platform, name, store);
  return new ServiceRuntime({ definition, platform, store, keys, commands, publisher, readModels, runner, signing, side });
}

/** Begins to publish and to follow; called once every provider exists. */
export async function startRuntime(runtime: ServiceRuntime): Promise<void> {
  const { platform, definition, publisher, runner, side, signing } = runtime;
  const { name } = definition;
  await side.adopt();
  await publish(runtime);
  runtime.onStop(runner.onChange((changes) => announce(runtime, changes)));
  platform.health.watch(
    `${name} publisher`,
    () => publisher.problem && `stuck at ${publisher.problem.position}: ${publisher.problem.reason}`,
  );
  platform.health.watch(`${name} projections`, () => (runner.isCaughtUp ? undefined : 'catching up'));
  runtime.onStop(measureService(runtime));
  runtime.onStop(tellStatus(platform, name, () => statusOf(runtime)));
  runtime.onStop(serveOperator(runtime));
  await runner.start();
  signing?.start();
}

/** The process that holds the store publishes its events and lends it; of several that reach one cluster, one publishes. */
async function publish(runtime: ServiceRuntime): Promise<void> {
  const { platform, definition, store, publisher } = runtime;
  const { bus, eventBus, config } = platform;
  if (config.EVENT_STORE_URL.startsWith('bus:')) return;
  runtime.onStop(await lendEventStore(platform, definition.name, store));
  runtime.onStop(serveReplay(bus, publisher));
  if (config.EVENT_STORE_URL.startsWith('sqlite:')) return runtime.onStop(eventBus.register(publisher));
  let end: (() => Promise<void>) | undefined;
  runtime.onStop(await runtime.alone('publisher', { start: () => void (end = eventBus.register(publisher)), stop: async () => end?.() }));
}

/** Tells the other instances and the gateways what a commit changed. */
function announce({ platform, definition }: ServiceRuntime, changes: readonly Change[]): void {
  const { bus, leases } = platform;
  const { instance } = leases;
  for (let i = 0; i < changes.length && i < 20 * MOST_CHANGES; i += MOST_CHANGES) {
    const more = i === 19 * MOST_CHANGES && changes.length > 20 * MOST_CHANGES;
    const announcement: Announcement = { changes: changes.slice(i, i + MOST_CHANGES), instance, ...(more ? { more } : {}) };
    bus.broadcast(`changed.${definition.name}`, announcement);
  }
}

/** Brings own stored events to their current shape, personal fields open. */
function reader(aggregates: readonly Aggregate[], keys: PersonKeys): (event: StoredEvent) => StoredEvent {
  const byCategory = new Map(aggregates.map(({ decider }) => [decider.category, decider]));
  return (event) => {
    const decider = byCategory.get(event.stream.slice(0, event.stream.indexOf('-')));
    return decider ? { ...event, data: factsFrom(decider, event, keys) } : event;
  };
}
