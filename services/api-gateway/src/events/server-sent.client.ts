import type { FastifyReply, FastifyRequest } from 'fastify';
import { sendProblem, tooMany } from '../http/replies.controller.js';
import type { Places } from './places.rules.js';

const HEARTBEAT_MS = 15_000;
/** A reader that takes nothing for so long is cut: what waits for it stands in this process. */
const SLOWEST_MS = 10_000;
const RETRY_SECONDS = 30;

/** One page or tool that listens: writes wait for a slow reader, heartbeats keep the line open, `closed` tells its end. */
export class ServerSent {
  readonly closed: Promise<void>;
  #isClosed = false;
  private readonly raw: FastifyReply['raw'];

  constructor(
    request: FastifyRequest,
    reply: FastifyReply,
    private readonly slowestMs = SLOWEST_MS,
  ) {
    reply.hijack();
    this.raw = reply.raw;
    this.raw.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
      'x-content-type-options': 'nosniff',
      'x-correlation-id': request.id,
    });
    this.raw.write('retry: 2000\n\n');
    const beat = setInterval(() => this.#beat(), HEARTBEAT_MS).unref();
    this.closed = new Promise((resolve) =>
      this.raw.once('close', () => {
        clearInterval(beat);
        this.#isClosed = true;
        resolve();
      }),
    );
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Resolves when the reader can take more; one that takes nothing is cut. */
  async send(event: string, data: unknown, id?: string): Promise<void> {
    if (this.#isClosed || this.raw.writableEnded) return;
    const more = this.raw.write(`${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
    if (!more) await this.#drained();
  }

  /** Says why, and ends; what the reader has not taken yet is not kept for it. */
  fail(code: string): void {
    if (this.raw.writableLength > 0) return void this.raw.destroy();
    void this.send('problem', { code });
    this.end();
  }

  end(): void {
    this.raw.end();
  }

  async #drained(): Promise<void> {
    const cut = setTimeout(() => this.raw.destroy(), this.slowestMs).unref();
    await Promise.race([new Promise((resolve) => this.raw.once('drain', resolve)), this.closed]);
    clearTimeout(cut);
  }

  #beat(): void {
    if (!this.#isClosed && this.raw.writableLength === 0) this.raw.write(': still here\n\n');
  }
}

/** A place for one stream more, or the refusal sent. */
export function placeFor(places: Places, account: string, request: FastifyRequest, reply: FastifyReply): (() => void) | FastifyReply {
  const place = places.take(account);
  if (typeof place === 'function') return place;
  if (place === 'own-taken') return tooMany(request, reply, RETRY_SECONDS);
  return sendProblem(request, reply.header('retry-after', String(RETRY_SECONDS)), { status: 503, code: 'too-busy' });
}
