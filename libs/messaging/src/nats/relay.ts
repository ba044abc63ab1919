import { type OnProblem, Trouble } from '@ateneo/event-sourcing';
import type { Publisher } from '../publisher.js';
import type { NatsLink } from './connection.js';
import { type Entry, EventStream, type StreamSettings } from './event-stream.js';
import { Flight, StreamMovedError } from './flight.js';

export type RelayStatus = {
  readonly service: string;
  /** Events of the store not known to be published, whether or not they publish anything, as far as they are counted. */
  readonly lag: number;
  /** Why nothing goes out at the moment. */
  readonly reason?: string;
};

/** Where a relay goes on: the stream's last sequence, and the position up to which it holds the store's events. */
type End = { readonly seq: number; readonly position: number };

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 2_000;
/** An idle relay looks whether the stream is still as it left it: a server that crashed may have lost what it had acknowledged. */
const LOOK_AGAIN_MS = 15_000;
/** How long the end must stand still before a relay takes it from another of the same kind, and from one of another epoch or mapping. */
const GIVE_WAY_MS = 1_000;
const GIVE_WAY_TO_ANOTHER_MS = 60_000;

/** A stream made anew counts on from so far above that no relay of the one before can take its end for the end it knows. */
const APART = 1_000_000;

/**
 * Brings one service's public events from its store to its stream, strictly in order and each once. It stores no checkpoint: the last message of the stream
 * says where to go on. A stream of another epoch or mapping version is made anew from the first event; one emptied by age goes on at the head, and replay answers for the rest.
 */
export class Relay {
  readonly #link: NatsLink;
  readonly #publisher: Publisher;
  readonly #stream: EventStream;
  readonly #settings: StreamSettings;
  readonly #unlisten: (() => void)[];
  readonly #done: Promise<void>;
  readonly #trouble: Trouble;
  #stopped = false;
  #nudged = false;
  #wake: (() => void) | undefined;
  #published = 0;
  #head = 0;
  #reason: string | undefined = 'begins';
  #failures = 0;
  #ensured = false;
  #hasPublished = false;
  /** Highest sequence met. */
  #lastSeen = 0;
  /** Refused as duplicates although the stream no longer holds them. */
  #takenUpTo = 0;

  constructor(link: NatsLink, publisher: Publisher, settings: StreamSettings, onProblem?: OnProblem) {
    this.#link = link;
    this.#publisher = publisher;
    const { service } = publisher;
    this.#trouble = new Trouble(onProblem, { service, part: 'relay', what: `events of ${service}` });
    this.#settings = settings;
    this.#stream = new EventStream(link, publisher.service);
    this.#unlisten = [publisher.onNudge(() => this.#nudge()), link.onStatus(() => this.#nudge())];
    this.#done = this.#live();
  }

  async status(): Promise<RelayStatus> {
    return { service: this.#publisher.service, lag: await this.#publisher.waitingAfter(this.#published), reason: this.#reason };
  }

  /** Resolves when what is under way has landed or failed. */
  stop(): Promise<void> {
    this.#stopped = true;
    for (const unlisten of this.#unlisten) unlisten();
    this.#nudge();
    return this.#done.finally(() => this.#trouble.over());
  }

  async #live(): Promise<void> {
    while (!this.#stopped) {
      try {
        if (!this.#link.isConnected) await this.#awaitServer();
        if (this.#stopped) return;
        this.#head = await this.#publisher.head();
        const end = await this.#join();
        if (end) await this.#publishAfter(end);
      } catch (error) {
        this.#reason = error instanceof Error ? error.message : String(error);
        if (!this.#stopped) this.#trouble.fails(error);
        if (error instanceof StreamMovedError) await this.#trouble.heard(this.#giveWay());
        else await this.#rest(Math.min(FIRST_PAUSE_MS * 2 ** this.#failures++, LONGEST_PAUSE_MS));
      }
    }
  }

  async #awaitServer(): Promise<void> {
    this.#reason = 'the NATS server is lost';
    while (!this.#stopped && !this.#link.isConnected) {
      this.#nudged = false;
      await this.#nudgedWithin(LOOK_AGAIN_MS);
    }
  }

  /** The stream's end, brought to this relay's epoch and mapping; undefined where it belongs to another that is at work. */
  async #join(): Promise<End | undefined> {
    if (!this.#ensured) await this.#stream.ensure(this.#settings, this.#lastSeen === 0 ? 0 : this.#lastSeen + APART);
    this.#ensured = true;
    const extent = await this.#stream.extent();
    if (!extent) return this.#vanished();
    const { first, last: seq, fresh } = extent;
    this.#lastSeen = Math.max(this.#lastSeen, seq);
    if (fresh) return { seq, position: 0 };
    if (first > seq) return { seq, position: this.#published || this.#head };
    const last = await this.#stream.leaderEntry(seq);
    if (!last) throw new Error(`message ${seq} of ${this.#stream.name} cannot be read`);
    if (this.#isOwn(last)) return { seq, position: Math.max(last.position, this.#takenUpTo) };
    this.#reason = 'the stream is of another epoch or mapping version';
    if (this.#hasPublished && !(await this.#isLeft(last))) return undefined;
    await this.#stream.remove();
    this.#ensured = false;
    this.#hasPublished = false;
    this.#takenUpTo = 0;
    return undefined;
  }

  /** Whoever removed the stream makes it anew at once. */
  async #vanished(): Promise<undefined> {
    this.#reason = 'the stream has vanished';
    await this.#rest(GIVE_WAY_MS);
    this.#ensured = (await this.#stream.extent()) !== undefined;
  }

  #isOwn({ epoch, mappingVersion }: Entry): boolean {
    return epoch === this.#publisher.epoch && mappingVersion === this.#publisher.mappingVersion;
  }

  /** Whether the one that made the stream anew has ended: something is to be published and nobody does. */
  async #isLeft(last: Entry): Promise<boolean> {
    for (let waited = 0; waited < GIVE_WAY_TO_ANOTHER_MS; waited += LOOK_AGAIN_MS) {
      await this.#rest(LOOK_AGAIN_MS);
      if (this.#stopped || (await this.#stream.extent())?.last !== last.seq) return false;
    }
    return (await this.#publisher.mapped(last.position)).events.length > 0;
  }

  /** Until the stream is no more as it should be, or it is time to look at it again. */
  async #publishAfter({ seq, position }: End): Promise<void> {
    const { epoch, mappingVersion } = this.#publisher;
    const flight = new Flight(this.#link, { epoch, mappingVersion }, seq);
    let [after, previous] = [position, position];
    this.#published = position;
    try {
      while (!this.#stopped) {
        this.#nudged = false;
        const { events, next, waiting, head } = await this.#publisher.mapped(after);
        for (const event of events) {
          if (flight.isFull) await flight.room();
          flight.send(event, previous, waiting > 0 ? head : undefined);
          previous = event.position;
        }
        this.#published = Math.max(position, flight.position);
        const moved = next > after;
        after = next;
        if (moved && waiting > 0) continue;
        await flight.landed();
        this.#note(after, previous > position);
        if (!(await this.#nudgedWithin(LOOK_AGAIN_MS)) || !this.#link.isConnected) return;
      }
      await flight.landed();
    } catch (error) {
      this.#takenUpTo = Math.max(this.#takenUpTo, flight.duplicate ?? 0);
      throw error;
    } finally {
      flight.end();
    }
  }

  #note(position: number, some: boolean): void {
    this.#published = position;
    this.#hasPublished ||= some;
    this.#failures = 0;
    this.#reason = undefined;
    this.#trouble.over();
  }

  /** Until the stream's end stands still: of two relays of one service one works. */
  async #giveWay(): Promise<void> {
    for (let end = -1; !this.#stopped;) {
      const now = (await this.#stream.extent())?.last ?? 0;
      if (now === end) return;
      end = now;
      await this.#rest(GIVE_WAY_MS);
    }
  }

  #nudge(): void {
    this.#nudged = true;
    this.#wake?.();
  }

  async #nudgedWithin(ms: number): Promise<boolean> {
    if (!this.#nudged && !this.#stopped) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms);
        this.#wake = () => (clearTimeout(timer), resolve());
      });
      this.#wake = undefined;
    }
    return this.#nudged;
  }

  /** Only a stop shortens it. */
  async #rest(ms: number): Promise<void> {
    for (const until = performance.now() + ms; !this.#stopped && performance.now() < until;) {
      this.#nudged = false;
      await this.#nudgedWithin(Math.max(0, until - performance.now()));
    }
  }
}
