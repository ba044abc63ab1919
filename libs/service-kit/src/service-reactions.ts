import { type Reaction, ReactionRunner } from '@ateneo/read-models';
import { checkReader } from './service-reads.js';
import type { ServiceRuntime } from './service-runtime.js';

/** Starts the reactions of a service, each with its checkpoint and on one instance at a time; answers how to stop them. */
export async function startReactions<Tools>(
  runtime: ServiceRuntime,
  reactions: readonly Reaction<Tools>[],
  tools: Tools,
): Promise<() => Promise<void>> {
  const { store, platform, definition } = runtime;
  for (const reaction of reactions) checkReader(definition.name, reaction);
  const { onProblem } = platform;
  const checkpoints = await runtime.checkpoints();
  const start = async (reaction: Reaction<Tools>) => {
    const runner = new ReactionRunner<Tools>({
      service: definition.name,
      events: platform.eventBus,
      own: { service: definition.name, store },
      checkpoints,
      reactions: [reaction],
      toolsFor: () => tools,
      onProblem,
    });
    await runner.start();
    runtime.reactions.add(runner);
    return runner;
  };
  const alone = (reaction: Reaction<Tools>) => {
    let runner: ReactionRunner<Tools> | undefined;
    const stop = async () => {
      if (!runner) return;
      runtime.reactions.delete(runner);
      await runner.stop();
    };
    return runtime.alone(reaction.name, { start: async () => void (runner = await start(reaction)), stop });
  };
  const stops = await Promise.all(reactions.map(alone));
  return async () => void (await Promise.all(stops.map((stop) => stop())));
}
