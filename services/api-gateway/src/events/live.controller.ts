import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { career, logbook, type Operation, reporting } from '@ateneo/contracts';
import type { Bus } from '@ateneo/messaging';
import type { Problem } from '@ateneo/service-kit';
import type { GatewayParts } from '../gateway-parts.module.js';
import type { ActorCaller } from '../guard/guard.client.js';
import { sendProblem } from '../http/replies.controller.js';
import { ServerSent } from './server-sent.client.js';

const MOST_PAGES = 5_000;
const MOST_KEYS = 20;
const PAUSE_MS = 250;

/** What a page may follow: the query whose permission is asked, and the service whose read models tell. */
type Watched = {
  readonly service: string;
  readonly operation: Operation;
  readonly input: (id: string) => object;
  /** the change's key is the id */ readonly keyed: boolean;
};
const WATCHED: Readonly<Record<string, Watched>> = {
  counters: { service: 'reporting', operation: reporting.showCounters, input: (traineeId) => ({ traineeId }), keyed: true },
  // a list narrows instead of refusing: who may see the counters may follow the entries
  entries: { service: 'logbook', operation: reporting.showCounters, input: (traineeId) => ({ traineeId }), keyed: true },
  career: { service: 'career', operation: career.showCareer, input: (traineeId) => ({ traineeId }), keyed: true },
  import: { service: 'logbook', operation: logbook.showImport, input: (importId) => ({ importId }), keyed: true },
  run: { service: 'reporting', operation: reporting.showReportRun, input: (runId) => ({ runId }), keyed: true },
  waiting: { service: 'logbook', operation: logbook.listWaiting, input: () => ({}), keyed: false },
};

type Change = { readonly key: string; readonly position: number };

/** GET /api/live: tells a page that what it shows has changed, so that it asks again. Never the data itself. */
export class LiveController {
  readonly #pages = new Set<ServerSent>();

  constructor(
    private readonly parts: GatewayParts,
    private readonly bus: Bus,
  ) {}

  mount(scope: FastifyInstance): void {
    scope.get('/api/live', (request, reply) => this.#open(request, reply));
  }

  close(): void {
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
    if (keys.length === 0 || keys.length > MOST_KEYS || keys.some((key) => !WATCHED[key.split(':')[0] as string]))
      return sendProblem(request, reply, { status: 400, code: 'keys-not-valid' });
    if (this.#pages.size >= MOST_PAGES) return sendProblem(request, reply.header('retry-after', '30'), { status: 503, code: 'too-busy' });
    const problem = (await Promise.all(keys.map((key) => this.#objection(key, who)))).find((one) => one !== undefined);
    if (problem) return sendProblem(request, reply, problem, { locale: who.actor.locale });
    await this.#follow(new ServerSent(request, reply, () => this.#stillMay(request, who)), keys);
  }

  /** The page may follow what it may ask for: the query's own permission decides. */
  async #objection(key: string, caller: ActorCaller): Promise<Problem | undefined> {
    const [kind, id = ''] = key.split(':') as [string, string?];
    const { operation, input } = WATCHED[kind] as Watched;
    const reply = await this.parts.operations.call(operation, input(id), caller);
    return reply.ok ? undefined : reply.problem;
  }

  async #stillMay(request: FastifyRequest, { actor }: ActorCaller): Promise<boolean> {
    const who = await this.parts.guard.authenticate('GET', request.headers);
    return who.is === 'actor' && who.actor.id === actor.id;
  }

  async #follow(page: ServerSent, keys: readonly string[]): Promise<void> {
    this.#pages.add(page);
    const waiting = new Map<string, number>();
    let sending = false;
    const flush = async (): Promise<void> => {
      sending = true;
      while (waiting.size > 0 && !page.isClosed) {
        const now = [...waiting];
        waiting.clear();
        for (const [key, position] of now) await page.send('changed', { key, position });
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      }
      sending = false;
    };
    const hear = (service: string, changes: readonly Change[]): void => {
      for (const key of keys) {
        const [kind, id] = key.split(':') as [string, string?];
        const watched = WATCHED[kind] as Watched;
        if (watched.service !== service) continue;
        const change = watched.keyed ? changes.findLast((one) => one.key === id) : changes.at(-1);
        if (change) waiting.set(key, change.position);
      }
      if (waiting.size > 0 && !sending) void flush();
    };
    const stop = this.bus.onBroadcast('changed.*', (message, subject) =>
      hear(subject.slice('changed.'.length), (message as { changes: Change[] }).changes),
    );
    await page.send('ready', {});
    await page.closed;
    stop();
    this.#pages.delete(page);
  }
}
