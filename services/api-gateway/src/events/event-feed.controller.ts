import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { feedQuery } from '@ateneo/contracts';
import type { OnProblem } from '@ateneo/event-sourcing';
import type { Bus } from '@ateneo/messaging';
import { invalidInput } from '@ateneo/service-kit';
import type { GatewayParts } from '../gateway-parts.module.js';
import { sendProblem } from '../http/replies.controller.js';
import type { ActorCaller } from '../guard/actors.client.js';
import { type FeedCursor, readCursor } from './feed-cursor.rules.js';
import { typesBeginning } from './event-types.rules.js';
import { Feed, type FeedPage, type FeedQuery, FeedRestarted } from './feed.client.js';
import { seesPositions, visibleTo } from './feed-scope.rules.js';
import { HeldRights } from './held-rights.client.js';
import { Places } from './places.rules.js';
import { placeFor, ServerSent } from './server-sent.client.js';

const MOST_LISTENERS = 200;
const MOST_OF_ONE = 4;
/** What is read at once for a reader that takes its time stands in memory until then. */
const MOST_AT_ONCE = 100;
/** Pages and streams go by a sealed cursor: positions count what others did. */
const CURSOR = 'feed cursor';
const QUIET_MS = 2_000;
const PAUSE_MS = 250;

type Asked = Omit<FeedQuery, 'sees'>;

/** GET /api/events: the public event feed, as JSON pages or as server-sent events from the same cursor. */
export class EventFeedController {
  readonly #feed: Feed;
  readonly #listeners = new Set<ServerSent>();
  readonly #places = new Places(MOST_LISTENERS, MOST_OF_ONE);

  constructor(
    private readonly parts: GatewayParts,
    private readonly bus: Bus,
    onProblem: OnProblem,
  ) {
    this.#feed = new Feed(bus, onProblem);
  }

  mount(scope: FastifyInstance): void {
    scope.get('/api/events', (request, reply) => this.#answer(request, reply));
  }

  close(): void {
    for (const listener of this.#listeners) listener.end();
  }

  async #answer(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | void> {
    const who = await this.parts.guard.authenticate('GET', request.headers);
    if (who.is === 'refused') return sendProblem(request, reply, who);
    if (who.is === 'anyone') return sendProblem(request, reply, { status: 401, code: 'sign-in-needed' });
    if (!visibleTo(who.actor)) return sendProblem(request, reply, { status: 403, code: 'forbidden' });
    const parsed = feedQuery.safeParse(request.query);
    if (!parsed.success) return sendProblem(request, reply, invalidInput(parsed.error));
    const text = (request.headers['last-event-id'] as string | undefined) ?? parsed.data.cursor;
    const cursor = text === undefined ? new Map() : this.#open(text);
    if (!cursor) return sendProblem(request, reply, { status: 400, code: 'cursor-not-valid' });
    const { type, subject, limit } = parsed.data;
    const asked = { types: type === undefined ? undefined : typesBeginning([type]), subject, limit };
    if (request.headers.accept?.includes('text/event-stream')) return this.#stream(request, reply, who, cursor, asked);
    return this.#page(request, reply, who, cursor, asked);
  }

  async #page(request: FastifyRequest, reply: FastifyReply, who: ActorCaller, cursor: FeedCursor, asked: Asked): Promise<FastifyReply> {
    try {
      const page = await this.#read(who, cursor, asked);
      return reply.header('content-type', 'application/json; charset=utf-8').send(JSON.stringify({ ...page, next: this.#seal(page.next) }));
    } catch (error) {
      if (error instanceof FeedRestarted) return sendProblem(request, reply, { status: 409, code: 'feed-restarted' });
      throw error;
    }
  }

  async #stream(
    request: FastifyRequest,
    reply: FastifyReply,
    who: ActorCaller,
    from: FeedCursor,
    asked: Asked,
  ): Promise<FastifyReply | void> {
    const leave = placeFor(this.#places, who.actor.id, request, reply);
    if (typeof leave !== 'function') return leave;
    const listener = new ServerSent(request, reply);
    this.#listeners.add(listener);
    const rights = new HeldRights(this.parts, request, who, (now) => now.is === 'lost' && listener.fail(now.code));
    try {
      await this.#follow(listener, rights, from, { ...asked, limit: Math.min(asked.limit, MOST_AT_ONCE) });
    } catch (error) {
      listener.fail(error instanceof FeedRestarted ? 'feed-restarted' : 'internal-error');
    } finally {
      rights.close();
      leave();
      this.#listeners.delete(listener);
      listener.end();
    }
  }

  /** Page by page, each under the rights of its moment. */
  async #follow(listener: ServerSent, rights: HeldRights, from: FeedCursor, asked: Asked): Promise<void> {
    let [news, wake] = [false, (): void => undefined];
    const rouse = (): void => ((news = true), wake());
    const stops = [this.bus.onBroadcast('changed.*', rouse), this.parts.actors.onChange(rouse)];
    try {
      for (let cursor = from; !listener.isClosed;) {
        news = false;
        const now = await rights.ask();
        if (now.is === 'lost') return listener.fail(now.code);
        if (!visibleTo(now.caller.actor)) return listener.fail('forbidden');
        const { events, next, more } = await this.#read(now.caller, cursor, asked);
        const id = this.#seal(next);
        for (const [i, event] of events.entries()) await listener.send(event.type, event, i === events.length - 1 ? id : undefined);
        cursor = readCursor(next) as FeedCursor;
        if (more) continue;
        await pause(PAUSE_MS);
        if (!news) await Promise.race([new Promise<void>((resolve) => (wake = resolve)), pause(QUIET_MS), listener.closed]);
      }
    } finally {
      for (const stop of stops) stop();
    }
  }

  /** What the actor may see, and without positions for those who may not see how much others do. */
  async #read({ actor }: ActorCaller, cursor: FeedCursor, asked: Asked): Promise<FeedPage> {
    const page = await this.#feed.page(cursor, { ...asked, sees: visibleTo(actor) ?? (() => false) });
    if (seesPositions(actor)) return page;
    return { ...page, events: page.events.map(({ position: _, ...event }) => event as FeedPage['events'][number]) };
  }

  #seal(cursor: string): string {
    return this.parts.sealed.sealAlike(cursor, CURSOR).toString('base64url');
  }

  /** A cursor of before they were sealed is taken as well. */
  #open(text: string): FeedCursor | undefined {
    try {
      return readCursor(this.parts.sealed.open(Buffer.from(text, 'base64url'), CURSOR));
    } catch {
      return readCursor(text);
    }
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms).unref());
