import type { Operation } from '@ateneo/contracts';
import { Gauge, Histogram, Registry } from 'prom-client';

export const METRICS = Symbol('METRICS');

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

  operation({ name }: Operation, outcome: string, ms: number): void {
    this.#duration.observe({ operation: name, outcome }, ms / 1000);
  }

  /** A value read when it is scraped. */
  gauge(name: string, help: string, labels: readonly string[], read: () => readonly { readonly labels: Record<string, string>; readonly value: number }[]): void {
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
