import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { feedQuery } from '@ateneo/contracts';
import type { Bus } from '@ateneo/messaging';
import { invalidInput } from '@ateneo/service-kit';
import type { GatewayParts } from '../gateway-parts.module.js';
import { sendProblem } from '../http/replies.controller.js';
import { type FeedCursor, readCursor } from './feed-cursor.rules.js';
import { Feed, type FeedQuery, FeedRestarted, typesBeginning } from './feed.client.js';
import { visibleTo } from './feed-scope.rules.js';
import { ServerSent } from './server-sent.client.js';

const MOST_LISTENERS = 200;
const QUIET_MS = 2_000;
const PAUSE_MS = 250;

/** GET /api/events: the public event feed, as JSON pages or as server-sent events from the same cursor. */
export class EventFeedController {
  readonly #feed: Feed;
  readonly #listeners = new Set<ServerSent>();

  constructor(
    private readonly parts: GatewayParts,
    private readonly bus: Bus,
  ) {
    this.#feed = new Feed(bus);
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
    const sees = visibleTo(who.actor);
    if (!sees) return sendProblem(request, reply, { status: 403, code: 'forbidden' });
    const parsed = feedQuery.safeParse(request.query);
    if (!parsed.success) return sendProblem(request, reply, invalidInput(parsed.error));
    const text = (request.headers['last-event-id'] as string | undefined) ?? parsed.data.cursor;
    const cursor = text === undefined ? new Map() : readCursor(text);
    if (!cursor) return sendProblem(request, reply, { status: 400, code: 'cursor-not-valid' });
    const { type, subject, limit } = parsed.data;
    const asked = { types: type === undefined ? undefined : typesBeginning([type]), subject, limit, sees };
    if (request.headers.accept?.includes('text/event-stream')) return this.#stream(request, reply, cursor, asked);
    return this.#page(request, reply, cursor, asked);
  }

  async #page(request: FastifyRequest, reply: FastifyReply, cursor: FeedCursor, asked: FeedQuery): Promise<FastifyReply> {
    try {
      return reply.header('content-type', 'application/json; charset=utf-8').send(JSON.stringify(await this.#feed.page(cursor, asked)));
    } catch (error) {
      if (error instanceof FeedRestarted) return sendProblem(request, reply, { status: 409, code: 'feed-restarted' });
      throw error;
    }
  }

  async #stream(request: FastifyRequest, reply: FastifyReply, from: FeedCursor, asked: FeedQuery): Promise<FastifyReply | void> {
    if (this.#listeners.size >= MOST_LISTENERS)
      return sendProblem(request, reply.header('retry-after', '30'), { status: 503, code: 'too-busy' });
    const listener = new ServerSent(
      request,
      reply,
      async () => (await this.parts.guard.authenticate('GET', request.headers)).is === 'actor',
    );
    this.#listeners.add(listener);
    let [news, wake] = [false, (): void => undefined];
    const stop = this.bus.onBroadcast('changed.*', () => ((news = true), wake()));
    try {
      let cursor = from;
      while (!listener.isClosed) {
        news = false;
        const { events, next, more } = await this.#feed.page(cursor, asked);
        for (const [i, event] of events.entries()) await listener.send(event.type, event, i === events.length - 1 ? next : undefined);
        cursor = readCursor(next) as FeedCursor;
        if (more) continue;
        await pause(PAUSE_MS);
        if (!news) await Promise.race([new Promise<void>((resolve) => (wake = resolve)), pause(QUIET_MS), listener.closed]);
      }
    } catch (error) {
      await listener.send('problem', { code: error instanceof FeedRestarted ? 'feed-restarted' : 'internal-error' });
    } finally {
      stop();
      this.#listeners.delete(listener);
      listener.end();
    }
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms).unref());
