import type { FastifyReply, FastifyRequest } from 'fastify';

const HEARTBEAT_MS = 15_000;

/** One page or tool that listens: writes wait for a slow reader, heartbeats keep the line open, `closed` tells its end. */
export class ServerSent {
  readonly closed: Promise<void>;
  #isClosed = false;

  constructor(
    request: FastifyRequest,
    reply: FastifyReply,
    /** answers false when the listener may no longer */ stillMay: () => Promise<boolean>,
  ) {
    reply.hijack();
    reply.raw.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
      'x-content-type-options': 'nosniff',
      'x-correlation-id': request.id,
    });
    reply.raw.write('retry: 2000\n\n');
    const beat = setInterval(() => void this.#beat(stillMay), HEARTBEAT_MS).unref();
    this.closed = new Promise((resolve) => reply.raw.once('close', () => (clearInterval(beat), (this.#isClosed = true), resolve())));
    this.raw = reply.raw;
  }
  private readonly raw: FastifyReply['raw'];

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Resolves when the reader can take more. */
  async send(event: string, data: unknown, id?: string): Promise<void> {
    if (this.#isClosed) return;
    const more = this.raw.write(`${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
    if (!more) await Promise.race([new Promise((resolve) => this.raw.once('drain', resolve)), this.closed]);
  }

  end(): void {
    this.raw.end();
  }

  async #beat(stillMay: () => Promise<boolean>): Promise<void> {
    if (!(await stillMay().catch(() => false))) return this.end();
    if (!this.#isClosed) this.raw.write(': still here\n\n');
  }
}
