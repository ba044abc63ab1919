import type { Lag } from '@ateneo/read-models';
import type { Measured } from './metrics.js';
import type { ServiceRuntime } from './service-runtime.js';

/** As metrics and alerts call a part: `7` for `p07`, `all` where nothing is parted. */
const partitionOf = ({ unit = 'all' }: Lag): string => (unit === 'all' ? unit : String(Number(unit.slice(1))));

/** Publishes how far the projections and the publisher of a service are. Answers how to stop. */
export function measureService(runtime: ServiceRuntime): () => void {
  const { runner, readModels, platform, definition } = runtime;
  const { metrics } = platform;
  const service = definition.name;
  const lags = (of: 'events' | 'seconds') => (): Measured[] =>
    runner.lag().map((lag) => {
      const { projection, origin } = lag;
      return { labels: { service, projection, origin, partition: partitionOf(lag) }, value: lag[of] };
    });
  const each = (value: (projection: string) => number) => (): Measured[] =>
    runner.projections.map((projection) => ({ labels: { service, projection }, value: value(projection) }));
  const held = (projection: string) => new Set(runner.lag().flatMap((lag) => (lag.projection === projection ? (lag.unit ?? []) : []))).size;
  const by = ['service', 'projection', 'origin', 'partition'];
  const stops = [
    metrics.gauge(
      'ateneo_projection_lag_events',
      'Events that a projection has still to take in, as far as they are counted',
      by,
      lags('events'),
    ),
    metrics.gauge('ateneo_projection_lag_seconds', 'For how long a projection has been behind', by, lags('seconds')),
    metrics.gauge(
      'ateneo_parked_events',
      'Events set aside by this instance',
      by.slice(0, 2),
      each((projection) => runner.asideIn(projection)),
    ),
    metrics.gauge('ateneo_parked_reactions', 'Facts that a reaction did not act on', ['service', 'reaction'], () => {
      const counts = new Map<string, number>();
      for (const { reaction } of [...runtime.reactions].flatMap((running) => running.parked()))
        counts.set(reaction, (counts.get(reaction) ?? 0) + 1);
      return [...counts].map(([reaction, value]) => ({ labels: { service, reaction }, value }));
    }),
    metrics.gauge(
      'ateneo_publisher_lag_events',
      'Stored events not known to be published, as far as they are counted',
      ['service'],
      async () => {
        const publisher = await runtime.publisherLag();
        return publisher ? [{ labels: { service }, value: publisher.lag }] : [];
      },
    ),
  ];
  if (readModels.shared)
    stops.push(metrics.gauge('ateneo_units_held', 'Parts of a shared projection that this instance folds', by.slice(0, 2), each(held)));
  return () => stops.forEach((stop) => stop());
}
