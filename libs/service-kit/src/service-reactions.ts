import { SqliteEventStore } from '@ateneo/event-sourcing';
import { openSqliteCheckpoints, type Reaction, ReactionRunner } from '@ateneo/read-models';
import type { ServiceRuntime } from './service-runtime.js';

/** Starts the reactions of a service, each with its checkpoint in the events file; answers how to stop them. */
export async function startReactions<Tools>(
  runtime: ServiceRuntime,
  reactions: readonly Reaction<Tools>[],
  tools: Tools,
): Promise<() => Promise<void>> {
  const { store, platform, definition } = runtime;
  if (!(store instanceof SqliteEventStore)) throw new TypeError('checkpoints of reactions are kept in the events file');
  const runner = new ReactionRunner<Tools>({
    service: definition.name,
    events: platform.eventBus,
    own: { service: definition.name, store },
    checkpoints: await openSqliteCheckpoints(store),
    reactions,
    toolsFor: () => tools,
  });
  await runner.start();
  return () => runner.stop();
}
