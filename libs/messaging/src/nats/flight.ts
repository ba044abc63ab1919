import { createInbox, MsgHdrsImpl, type Msg, type Subscription } from '@nats-io/transport-node';
import type { MappedEvent } from '../publisher.js';
import type { NatsLink } from './connection.js';
import { HEADERS, subjectOf } from './event-stream.js';

/** The stream's last sequence is not the expected one: another publisher wrote, or an acknowledgement was lost. */
export class StreamMovedError extends Error {
  override readonly name = 'StreamMovedError';
}

export type Origin = { readonly epoch: string; readonly mappingVersion: number };

/** Most messages in flight, and most of their bytes. */
const WINDOW = 1_000;
const WINDOW_BYTES = 4 * 1024 * 1024;
const ACK_MS = 5_000;
const WRONG_LAST_SEQUENCE = 10_071;

/** Publishes into a stream one after another without waiting: each message names the sequence it must follow, so that none passes one that failed. */
export class Flight {
  readonly #link: NatsLink;
  readonly #inbox: string;
  readonly #acks: Subscription;
  readonly #unlisten: () => void;
  readonly #watch: NodeJS.Timeout;
  /** Events sent; the first `#cleared` of them are acknowledged. */
  #sent: MappedEvent[] = [];
  #cleared = 0;
  #end: number;
  #bytes = 0;
  #position = 0;
  #duplicate: number | undefined;
  #heardAt = performance.now();
  #failure: Error | undefined;
  #wake: (() => void) | undefined;

  /** `after`: the last sequence of the stream. */
  constructor(
    link: NatsLink,
    readonly origin: Origin,
    after: number,
  ) {
    this.#link = link;
    this.#end = after;
    this.#inbox = createInbox(`_INBOX.${link.name}`);
    this.#acks = link.raw.subscribe(this.#inbox, { callback: (error, message) => (error ? this.#fail(error) : this.#hear(message)) });
    this.#unlisten = link.onStatus((connected) => connected || this.#fail(new Error('the NATS server is lost')));
    this.#watch = setInterval(() => this.#look(), ACK_MS / 5).unref();
  }

  /** Position of the last event that is stored; 0 before any. */
  get position(): number {
    return this.#position;
  }

  /** Position of an event that the stream recognised as a duplicate. */
  get duplicate(): number | undefined {
    return this.#duplicate;
  }

  get isFull(): boolean {
    return this.#underWay >= WINDOW || this.#bytes >= WINDOW_BYTES;
  }

  /** Throws the failure of an earlier message. */
  async room(): Promise<void> {
    while (this.isFull) await this.#change();
  }

  /** Synchronous, so that messages sent together leave in one write; call `room` when it is full. Throws the failure of an earlier message. */
  send(event: MappedEvent, previous: number, behind: number | undefined): void {
    if (this.#failure) throw this.#failure;
    if (this.#underWay === 0) this.#heardAt = performance.now();
    const headers = headersOf(event, previous, this.origin, this.#end + this.#underWay, behind);
    this.#link.raw.publish(subjectOf(event.type, event.partition), event.text, { reply: this.#inbox, headers });
    this.#sent.push(event);
    this.#bytes += event.bytes;
  }

  /** Resolves when everything sent is stored, in order. */
  async landed(): Promise<void> {
    while (this.#underWay > 0) await this.#change();
    if (this.#failure) throw this.#failure;
  }

  end(): void {
    clearInterval(this.#watch);
    this.#unlisten();
    if (!this.#link.raw.isClosed()) this.#acks.unsubscribe();
    this.#fail(new Error('ended'));
  }

  get #underWay(): number {
    return this.#sent.length - this.#cleared;
  }

  async #change(): Promise<void> {
    if (this.#failure) throw this.#failure;
    await new Promise<void>((resolve) => (this.#wake = resolve));
  }

  #hear(message: Msg): void {
    if (this.#failure) return;
    this.#heardAt = performance.now();
    if (message.data.length === 0) return this.#fail(new Error('nobody keeps the stream'));
    const ack = JSON.parse(message.string()) as Ack;
    if (ack.error?.err_code === WRONG_LAST_SEQUENCE) return this.#fail(new StreamMovedError(ack.error.description));
    if (ack.error) return this.#fail(new Error(ack.error.description));
    const event = this.#sent[this.#cleared]!;
    if (ack.duplicate) this.#duplicate = event.position;
    if (ack.duplicate || ack.seq !== this.#end + 1) return this.#fail(new StreamMovedError(`sequence ${ack.seq} was taken before`));
    this.#land(event);
    if (this.#underWay <= WINDOW / 2) this.#go();
  }

  #land({ position, bytes }: MappedEvent): void {
    this.#end++;
    this.#position = position;
    this.#bytes -= bytes;
    if (++this.#cleared < WINDOW) return;
    this.#sent = this.#sent.slice(this.#cleared);
    this.#cleared = 0;
  }

  #look(): void {
    if (this.#underWay > 0 && performance.now() - this.#heardAt > ACK_MS) this.#fail(new Error('the stream acknowledges nothing'));
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    this.#go();
  }

  #go(): void {
    this.#wake?.();
    this.#wake = undefined;
  }
}

type Ack = {
  readonly seq: number;
  readonly duplicate?: boolean;
  readonly error?: { readonly err_code: number; readonly description: string };
};

/** Built in one step: setting headers one by one costs more than the publish. */
function headersOf(
  { id, position }: MappedEvent,
  previous: number,
  { epoch, mappingVersion }: Origin,
  after: number,
  behind: number | undefined,
) {
  return MsgHdrsImpl.fromRecord({
    'Nats-Msg-Id': [id],
    'Nats-Expected-Last-Sequence': [String(after)],
    [HEADERS.position]: [String(position)],
    [HEADERS.previous]: [String(previous)],
    [HEADERS.epoch]: [epoch],
    [HEADERS.mapping]: [String(mappingVersion)],
    ...(behind === undefined ? {} : { [HEADERS.behind]: [String(behind)] }),
  });
}
