import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Operation } from '@ateneo/contracts';
import { Gauge, Histogram, Registry } from 'prom-client';

export const METRICS = Symbol('METRICS');
const QUANTILES = [0.5, 0.99, 0.999, 1];

/** Prometheus metrics of a process; names follow OpenTelemetry's conventions. */
export class Metrics {
  readonly registry = new Registry();
  readonly #duration = new Histogram({
    name: 'ateneo_operation_duration_seconds',
    help: 'Time from the bus to the answer of an operation',
    labelNames: ['operation', 'outcome'],
    buckets: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5],
    registers: [this.registry],
  });
  readonly #loop = monitorEventLoopDelay();

  constructor() {
    this.#loop.enable();
    this.gauge(
      'ateneo_event_loop_delay_seconds',
      'Event loop delay since the last scrape, its sampling interval included',
      ['quantile'],
      () => this.#loopDelay(),
    );
  }

  operation({ name }: Operation, outcome: string, ms: number): void {
    this.#duration.observe({ operation: name, outcome }, ms / 1000);
  }

  #loopDelay() {
    const delays = QUANTILES.map((quantile) => ({
      labels: { quantile: String(quantile) },
      value: this.#loop.percentile(quantile * 100) / 1e9,
    }));
    this.#loop.reset();
    return delays;
  }

  /** A value read when it is scraped. */
  gauge(
    name: string,
    help: string,
    labels: readonly string[],
    read: () => readonly { readonly labels: Record<string, string>; readonly value: number }[],
  ): void {
    new Gauge({
      name,
      help,
      labelNames: [...labels],
      registers: [this.registry],
      collect() {
        this.reset();
        for (const one of read()) this.set(one.labels, one.value);
      },
    });
  }
}
