import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type FollowedTopic, liveTopics, type Operation, OPERATIONS } from '@ateneo/contracts';
import type { Bus } from '@ateneo/messaging';
import { Problem } from '@ateneo/service-kit';
import type { GatewayParts } from '../gateway-parts.module.js';
import type { ActorCaller } from '../guard/actors.client.js';
import { sendProblem } from '../http/replies.controller.js';
import { HeldRights } from './held-rights.client.js';
import { News, type Topic } from './news.client.js';
import { Places } from './places.rules.js';
import { placeFor, ServerSent } from './server-sent.client.js';

const MOST_PAGES = 5_000;
/** Open tabs of one person. */
const MOST_OF_ONE = 20;
const MOST_KEYS = 20;
/** Rights that hang on more than profiles (an assignment, an enrolment) are asked for again before a change is told, so often at most. */
const ASKED_MS = 10_000;

const TOPICS: ReadonlyMap<string, FollowedTopic> = new Map(liveTopics(OPERATIONS).map((topic) => [topic.topic, topic]));

/** What a page follows by one key. */
type Watched = { readonly operation: Operation; readonly input: object; readonly topic: Topic };

/** Undefined where there is no such topic. */
function watchedBy(key: string): Watched | undefined {
  const [name = '', id = ''] = key.split(':');
  const found = TOPICS.get(name);
  if (!found) return undefined;
  const { operation, by, toldBy: service } = found;
  return by === null ? { operation, input: {}, topic: { key, service } } : { operation, input: { [by]: id }, topic: { key, service, id } };
}

/** GET /api/live: tells a page that what it shows has changed, so that it asks again. Never the data itself. */
export class LiveController {
  readonly #pages = new Set<ServerSent>();
  readonly #places = new Places(MOST_PAGES, MOST_OF_ONE);
  readonly #news: News;

  constructor(
    private readonly parts: GatewayParts,
    bus: Bus,
  ) {
    this.#news = new News(bus);
  }

  mount(scope: FastifyInstance): void {
    scope.get('/api/live', (request, reply) => this.#open(request, reply));
  }

  close(): void {
    this.#news.close();
    for (const page of this.#pages) page.end();
  }

  async #open(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | void> {
    const who = await this.parts.guard.authenticate('GET', request.headers);
    if (who.is === 'refused') return sendProblem(request, reply, who);
    if (who.is === 'anyone') return sendProblem(request, reply, { status: 401, code: 'sign-in-needed' });
    const asked = String((request.query as { keys?: string }).keys ?? '')
      .split(',')
      .filter(Boolean);
    const keys = [...new Set(asked)];
    const watched = keys.slice(0, MOST_KEYS).flatMap((key) => watchedBy(key) ?? []);
    if (watched.length === 0 || watched.length < keys.length) return sendProblem(request, reply, { status: 400, code: 'keys-not-valid' });
    const leave = placeFor(this.#places, who.actor.id, request, reply);
    if (typeof leave !== 'function') return leave;
    try {
      const problem = await this.#objection(watched, who);
      if (problem) return sendProblem(request, reply, problem, { locale: who.actor.locale });
      await this.#follow(request, new ServerSent(request, reply), who, watched);
    } finally {
      leave();
    }
  }

  /** The page may follow what it may ask for: the queries' own permission decides. */
  async #objection(watched: readonly Watched[], caller: ActorCaller): Promise<Problem | undefined> {
    const asked = watched.map(async ({ operation, input }) => {
      const reply = await this.parts.operations.call(operation, input, caller);
      return reply.ok ? undefined : reply.problem;
    });
    return (await Promise.all(asked)).find((one) => one !== undefined);
  }

  async #follow(request: FastifyRequest, page: ServerSent, who: ActorCaller, watched: readonly Watched[]): Promise<void> {
    this.#pages.add(page);
    let allowedAt = performance.now();
    const rights = new HeldRights(this.parts, request, who, (now) => (now.is === 'lost' ? page.fail(now.code) : void mayGoOn()));
    /** Whether what has changed may be told now; a page that may no longer follow ends. */
    const mayGoOn = async (): Promise<boolean> => {
      const now = await rights.ask();
      const problem = now.is === 'may' ? await this.#objection(watched, now.caller) : { status: 403, code: now.code };
      if (problem && problem.status < 500) page.fail(problem.code);
      if (!problem) allowedAt = performance.now();
      return !problem;
    };
    const topics = watched.map(({ topic }) => topic);
    const leave = this.#news.follow(topics, async (changes) => {
      if (performance.now() - allowedAt > ASKED_MS && !(await mayGoOn())) return false;
      for (const [key, position] of changes) await page.send('changed', { key, position });
      return !page.isClosed;
    });
    await page.send('ready', {});
    await page.closed;
    leave();
    rights.close();
    this.#pages.delete(page);
  }
}
