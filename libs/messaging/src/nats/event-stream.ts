import {
  JetStreamApiError,
  type JetStreamManager,
  jetstreamManager,
  RetentionPolicy,
  StorageType,
  type StoredMsg,
} from '@nats-io/jetstream';
import { type MsgHdrs, nanos } from '@nats-io/transport-node';
import type { NatsLink } from './connection.js';

/** Headers of a message in an event stream; its payload is the public event's JSON text. */
export const HEADERS = {
  /** Origin position. */
  position: 'Ateneo-Position',
  /** Every public event after this position and before this event is in the stream or was, in this order; 0 = from the beginning. */
  previous: 'Ateneo-Previous',
  epoch: 'Ateneo-Epoch',
  mapping: 'Ateneo-Mapping',
  /** Present if the store held more when this was sent, so a reader that got this far is not at the head. Its value is the store's head (1 from older relays). */
  behind: 'Ateneo-Behind',
} as const;

export type StreamSettings = { readonly replicas?: number; readonly maxAgeMs?: number };

/** What the headers say of a message. */
export type Mark = {
  readonly position: number;
  readonly previous: number;
  readonly epoch: string;
  readonly mappingVersion: number;
  readonly behind: boolean;
  /** Last position of the store when it was sent, if known. */
  readonly head: number;
};
export type Entry = Mark & { readonly seq: number };

/** Sequences that a stream holds; where it is empty, first is last + 1. `fresh`: it never held any. */
export type Extent = { readonly first: number; readonly last: number; readonly fresh: boolean };

const WEEK_MS = 7 * 24 * 3_600_000;
const DUPLICATE_WINDOW_MS = 120_000;
const NO_STREAM = 10_059;
/** A stream without a leader does not answer: ask again. */
const API_TIMEOUT_MS = 2_000;

/** `events-logbook` */
export const streamOf = (service: string): string => `events-${service}`;

/** `logbook.entry-validated.v1` in partition 7 → `logbook.event.entry-validated.v1.p07` */
export function subjectOf(type: string, partition: number): string {
  const dot = type.indexOf('.');
  return `${type.slice(0, dot)}.event${type.slice(dot)}.${token(partition)}`;
}

/** The inverse: the public type named by a subject. */
export const typeIn = (service: string, subject: string): string =>
  `${service}${subject.slice(service.length + '.event'.length, subject.lastIndexOf('.'))}`;

/** All events of some partitions, whatever their type. */
export const filtersOf = (service: string, partitions: readonly number[] | undefined): string[] | undefined =>
  partitions?.map((partition) => `${service}.event.*.*.${token(partition)}`);

const token = (partition: number): string => `p${String(partition).padStart(2, '0')}`;

export const markIn = (headers: MsgHdrs | undefined): Mark => ({
  position: Number(headers?.get(HEADERS.position)),
  head: Math.max(Number(headers?.get(HEADERS.position)), Number(headers?.get(HEADERS.behind))),
  previous: Number(headers?.get(HEADERS.previous)),
  epoch: headers?.get(HEADERS.epoch) ?? '',
  mappingVersion: Number(headers?.get(HEADERS.mapping)),
  behind: headers?.has(HEADERS.behind) ?? false,
});

/** The JetStream stream of one service's public events, read and kept. */
export class EventStream {
  readonly name: string;
  readonly #link: NatsLink;
  readonly #service: string;
  #manager: Promise<JetStreamManager> | undefined;

  constructor(link: NatsLink, service: string) {
    this.#link = link;
    this.#service = service;
    this.name = streamOf(service);
  }

  get manager(): Promise<JetStreamManager> {
    return (this.#manager ??= jetstreamManager(this.#link.raw, { checkAPI: false, timeout: API_TIMEOUT_MS }));
  }

  /** Undefined where there is no such stream. */
  async extent(): Promise<Extent | undefined> {
    try {
      const { state, config } = await (await this.manager).streams.info(this.name);
      const { messages, first_seq: first, last_seq: last } = state;
      return { first: messages === 0 ? last + 1 : first, last, fresh: last < Math.max(config.first_seq ?? 1, 1) };
    } catch (error) {
      if (error instanceof JetStreamApiError && error.code === NO_STREAM) return undefined;
      throw error;
    }
  }

  /** The first message at or after a sequence, from any replica; a lagging one may not have it yet. */
  async entry(seq: number): Promise<Entry | undefined> {
    const { direct } = await this.manager;
    return entryIn(await direct.getMessage(this.name, { seq, next_by_subj: `${this.#service}.event.>` }));
  }

  /** The message at a sequence, read from the leader. */
  async leaderEntry(seq: number): Promise<Entry | undefined> {
    return entryIn(await (await this.manager).streams.getMessage(this.name, { seq }));
  }

  /** A sequence to start at so that no message after a position is missed and few before it are read. Both bounds are messages in the stream. */
  async seek(after: number, first: Entry, last: Entry): Promise<number> {
    let [low, high] = [first, last];
    if (low.position > after) return low.seq;
    for (let n = 0; high.seq - low.seq > 1; n++) {
      const share = n % 2 === 0 ? (after - low.position) / (high.position - low.position) : 0.5;
      const guess = Math.min(Math.max(Math.floor(low.seq + share * (high.seq - low.seq)), low.seq + 1), high.seq - 1);
      const found = await this.entry(guess);
      if (found && found.position <= after) low = found;
      else if (found && found.seq < high.seq) high = { ...found, seq: guess };
      else high = { ...high, seq: guess };
    }
    return high.seq;
  }

  /** Makes the stream where it is absent, with sequences above `above`, and brings its settings up to date where it is there. */
  async ensure({ replicas = 1, maxAgeMs = WEEK_MS }: StreamSettings, above = 0): Promise<void> {
    const { streams } = await this.manager;
    const settings = {
      subjects: [`${this.#service}.event.>`],
      max_age: nanos(maxAgeMs),
      num_replicas: replicas,
      duplicate_window: nanos(Math.min(DUPLICATE_WINDOW_MS, maxAgeMs)),
      allow_direct: true,
    };
    if (await this.extent()) await streams.update(this.name, settings);
    else
      await streams.add({
        ...settings,
        name: this.name,
        retention: RetentionPolicy.Limits,
        storage: StorageType.File,
        first_seq: above + 1,
      });
  }

  /** A stream of another epoch or mapping is deleted, not purged: a purge would keep its deduplication ids. */
  async remove(): Promise<void> {
    await (await this.manager).streams.delete(this.name);
  }
}

const entryIn = (message: StoredMsg | null): Entry | undefined => (message ? { ...markIn(message.header), seq: message.seq } : undefined);
