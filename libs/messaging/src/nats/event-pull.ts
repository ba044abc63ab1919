import { unheard } from '@ateneo/event-sourcing';
import { AckPolicy, DeliverPolicy } from '@nats-io/jetstream';
import { createInbox, type Msg, nanos, nuid, type Subscription } from '@nats-io/transport-node';
import type { NatsLink } from './connection.js';
import type { EventStream } from './event-stream.js';

/** A message of a stream on its way to a reader. */
export type Arrival = { readonly seq: number; readonly subject: string; readonly message: Msg };

export type Taken = {
  readonly arrivals: readonly Arrival[];
  /** Nothing is missing from what was taken only if the stream still holds this sequence; undefined: nothing can be missing. */
  readonly proof: number | undefined;
};

/** Messages per request; at most twice as many are buffered here. */
const BATCH = 500;
const BATCH_BYTES = 2 * 1024 * 1024;
const EXPIRES_MS = 30_000;
const HEARTBEAT_MS = 1_000;
const SILENCE_MS = 3_500;
/** The server drops a consumer that has stopped asking. */
const FORGET_MS = 60_000;

/**
 * Reads a stream from a sequence on, in order, with back-pressure, through a consumer of its own that the server keeps in memory only.
 * Any failure breaks it for good: a reader resumes from its last position with a new pull.
 */
export class EventPull {
  readonly #link: NatsLink;
  readonly #stream: EventStream;
  readonly #consumer: string;
  readonly #inbox: string;
  readonly #nudge: () => void;
  readonly #subscription: Subscription;
  readonly #watch: NodeJS.Timeout;
  readonly #unlisten: () => void;
  #arrived: (Arrival & { readonly jumpFrom: number | undefined })[] = [];
  #taken = 0;
  #wanted = 0;
  #delivered = 0;
  #last: number;
  #left: number;
  #heardAt = performance.now();
  #broken: string | undefined;

  private constructor(link: NatsLink, stream: EventStream, consumer: string, from: number, left: number, nudge: () => void) {
    this.#link = link;
    this.#stream = stream;
    this.#consumer = consumer;
    this.#last = from - 1;
    this.#left = left;
    this.#nudge = nudge;
    this.#inbox = createInbox(`_INBOX.${link.name}`);
    this.#subscription = link.raw.subscribe(this.#inbox, {
      callback: (error, message) => (error ? this.#break(error.message) : this.#hear(message)),
    });
    this.#unlisten = link.onStatus((connected) => connected || this.#break('the NATS server is lost'));
    this.#watch = setInterval(() => this.#look(), HEARTBEAT_MS).unref();
    this.#ask();
  }

  /** `filters`: subjects wanted, all where absent; `nudge` is called when something came or it broke. */
  static async open(
    link: NatsLink,
    stream: EventStream,
    from: number,
    filters: readonly string[] | undefined,
    nudge: () => void,
  ): Promise<EventPull> {
    const name = `${link.name}_${nuid.next()}`;
    const { consumers } = await stream.manager;
    const { num_pending } = await consumers.add(stream.name, {
      name,
      ack_policy: AckPolicy.None,
      deliver_policy: DeliverPolicy.StartSequence,
      opt_start_seq: from,
      ...(filters?.length === 1 ? { filter_subject: filters[0] } : filters && { filter_subjects: [...filters] }),
      mem_storage: true,
      num_replicas: 1,
      inactive_threshold: nanos(FORGET_MS),
    });
    return new EventPull(link, stream, name, from, num_pending, nudge);
  }

  /** Why reading has failed. */
  get broken(): string | undefined {
    return this.#broken;
  }

  /** Messages in the stream still to be taken by this reader. */
  get pending(): number {
    return this.#left + this.#arrived.length - this.#taken;
  }

  /** Whether there is something to take. */
  get hasArrivals(): boolean {
    return this.#arrived.length > this.#taken;
  }

  /** What is there, in order: at most so many, and no more than fit into `bytes` but at least one. */
  take(most: number, bytes: number): Taken {
    const begin = this.#taken;
    let proof: number | undefined;
    for (let size = 0; this.#taken < this.#arrived.length && this.#taken - begin < most; this.#taken++) {
      const { message, jumpFrom } = this.#arrived[this.#taken]!;
      size += message.data.length;
      if (size > bytes && this.#taken > begin) break;
      proof ??= jumpFrom;
    }
    const arrivals = this.#arrived.slice(begin, this.#taken);
    if (this.#taken >= BATCH || this.#taken === this.#arrived.length) {
      this.#arrived = this.#arrived.slice(this.#taken);
      this.#taken = 0;
    }
    this.#ask();
    return { arrivals, proof };
  }

  end(): void {
    if (!this.#broken && this.#link.isConnected) {
      void this.#stream.manager
        .then(({ consumers }) => consumers.delete(this.#stream.name, this.#consumer))
        .catch(unheard('a consumer that nobody asks is removed by the server'));
    }
    this.#break('ended');
  }

  #ask(): void {
    if (this.#broken || this.#wanted > BATCH / 2 || this.#arrived.length - this.#taken + this.#wanted > BATCH) return;
    const request = { batch: BATCH, max_bytes: BATCH_BYTES, expires: nanos(EXPIRES_MS), idle_heartbeat: nanos(HEARTBEAT_MS) };
    if (this.#wanted === 0) this.#heardAt = performance.now();
    this.#wanted += BATCH;
    const subject = `$JS.API.CONSUMER.MSG.NEXT.${this.#stream.name}.${this.#consumer}`;
    this.#link.raw.publish(subject, JSON.stringify(request), { reply: this.#inbox });
  }

  #hear(message: Msg): void {
    if (this.#broken) return;
    this.#heardAt = performance.now();
    const { subject } = message;
    if (subject === this.#inbox) return this.#hearStatus(message);
    const { seq, delivery, left } = placeIn(message.reply ?? '');
    if (delivery !== this.#delivered + 1) return this.#break('a message was lost on the way');
    this.#delivered = delivery;
    const jumped = seq !== this.#last + 1 && this.#left > 0;
    this.#arrived.push({ seq, subject, message, jumpFrom: jumped ? this.#last + 1 : undefined });
    this.#last = seq;
    this.#left = left;
    this.#wanted--;
    this.#ask();
    this.#nudge();
  }

  /** Idle heartbeats are ignored; a terminal status says how much of the request was not served. */
  #hearStatus({ headers }: Msg): void {
    const code = headers?.code ?? 0;
    if (code === 100) return;
    const unserved = Number(headers?.get('Nats-Pending-Messages') ?? 0);
    const ended = code === 408 || code === 404 || (code === 409 && /maxbytes|batch completed/i.test(headers?.description ?? ''));
    if (!ended) return this.#break(`${code} ${headers?.description ?? ''}`);
    this.#wanted = Math.max(0, this.#wanted - unserved);
    this.#ask();
  }

  #look(): void {
    if (this.#wanted > 0 && performance.now() - this.#heardAt > SILENCE_MS) this.#break('nothing is heard of the stream');
  }

  #break(why: string): void {
    if (this.#broken) return;
    this.#broken = why;
    clearInterval(this.#watch);
    this.#unlisten();
    if (!this.#link.raw.isClosed()) this.#subscription.unsubscribe();
    this.#nudge();
  }
}

/** `$JS.ACK.[domain.account.]<stream>.<consumer>.<deliveries>.<stream sequence>.<consumer sequence>.<time>.<left>[.<random>]` */
function placeIn(reply: string) {
  const tokens = reply.split('.');
  const at = tokens.length === 9 ? 5 : 7;
  return { seq: Number(tokens[at]), delivery: Number(tokens[at + 1]), left: Number(tokens[at + 3]) };
}
