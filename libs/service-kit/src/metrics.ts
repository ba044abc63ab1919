import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Operation } from '@ateneo/contracts';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

const QUANTILES = [0.5, 0.99, 0.999, 1];

export type Measured = { readonly labels: Record<string, string>; readonly value: number };
type Read = () => readonly Measured[] | Promise<readonly Measured[]>;

/** Prometheus metrics of a process, each labelled with its service; names follow OpenTelemetry's conventions. */
export class Metrics {
  readonly registry = new Registry();
  readonly #reads = new Map<string, Set<Read>>();
  readonly #duration = new Histogram({
    name: 'ateneo_operation_duration_seconds',
    help: 'Time from the bus to the answer of an operation',
    labelNames: ['service', 'operation', 'outcome'],
    buckets: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5],
    registers: [this.registry],
  });
  readonly #refused = new Counter({
    name: 'ateneo_refused_commands_total',
    help: 'Commands answered with a problem below 500',
    labelNames: ['service', 'operation', 'code'],
    registers: [this.registry],
  });
  readonly #read = new Counter({
    name: 'ateneo_documents_read_total',
    help: 'Documents of read models that queries have read: a list reads what it shows, not what exists',
    labelNames: ['service', 'collection'],
    registers: [this.registry],
  });
  readonly #problems = new Counter({
    name: 'ateneo_problems_total',
    help: 'Failures where nobody waits for an answer; kind: away, data or failure',
    labelNames: ['service', 'part', 'kind'],
    registers: [this.registry],
  });
  readonly #loop = monitorEventLoopDelay();

  /** `service`: the name of the process; what belongs to one of several services in it says so itself. */
  constructor(service = 'ateneo') {
    this.registry.setDefaultLabels({ service });
    collectDefaultMetrics({ register: this.registry });
    this.#loop.enable();
    this.gauge(
      'ateneo_event_loop_delay_seconds',
      'Event loop delay since the last scrape, its sampling interval included',
      ['quantile'],
      () => this.#loopDelay(),
    );
  }

  operation({ name }: Operation, outcome: string, ms: number): void {
    this.#duration.observe({ service: serviceOf(name), operation: name, outcome }, ms / 1000);
  }

  refused({ name }: Operation, code: string): void {
    this.#refused.inc({ service: serviceOf(name), operation: name, code });
  }

  documentsRead(service: string, collection: string, documents: number): void {
    this.#read.inc({ service, collection }, documents);
  }

  problem(labels: { readonly service: string; readonly part: string; readonly kind: string }): void {
    this.#problems.inc(labels);
  }

  #loopDelay() {
    const delays = QUANTILES.map((quantile) => ({
      labels: { quantile: String(quantile) },
      value: this.#loop.percentile(quantile * 100) / 1e9,
    }));
    this.#loop.reset();
    return delays;
  }

  /** Values read when they are scraped, by all that measure the same. Answers how to measure no more. */
  gauge(name: string, help: string, labels: readonly string[], read: Read): () => void {
    const reads = this.#reads.get(name) ?? new Set();
    if (!this.#reads.has(name)) this.#make(name, help, labels, reads);
    this.#reads.set(name, reads.add(read));
    return () => void reads.delete(read);
  }

  #make(name: string, help: string, labels: readonly string[], reads: ReadonlySet<Read>): void {
    new Gauge({
      name,
      help,
      labelNames: [...labels],
      registers: [this.registry],
      async collect() {
        const all = await Promise.all([...reads].map((read) => read()));
        this.reset();
        for (const { labels: of, value } of all.flat()) this.set(of, value);
      },
    });
  }
}

const serviceOf = (operation: string): string => operation.slice(0, operation.indexOf('.'));
