import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Health } from './health.js';
import type { Metrics } from './metrics.js';

export type ProcessServerOptions = { readonly port: number; readonly host?: string; readonly health: Health; readonly metrics: Metrics };

const PATHS: ReadonlySet<string> = new Set(['/health/live', '/health/ready', '/metrics']);

/**
 * What an orchestrator asks of a process that has no other HTTP, or not yet: `/health/live`, `/health/ready`, `/metrics`. Whoever asks for more
 * before the process is ready is to come again.
 */
export class ProcessServer {
  private constructor(private readonly server: Server) {}

  /** Resolves when it listens. Throws where the port is taken. */
  static async start({ port, host, health, metrics }: ProcessServerOptions): Promise<ProcessServer> {
    const server = createServer((request, response) => {
      answer(request, response, health, metrics).catch(() => response.writeHead(500).end());
    });
    await new Promise<void>((listening, failed) => server.once('error', failed).listen(port, host ?? '127.0.0.1', listening));
    return new ProcessServer(server);
  }

  get port(): number {
    return (this.server.address() as { port: number }).port;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise<void>((closed) => this.server.close(() => closed()));
  }
}

async function answer({ method, url }: IncomingMessage, response: ServerResponse, health: Health, metrics: Metrics): Promise<void> {
  const json = (status: number, body: unknown) =>
    void response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' }).end(JSON.stringify(body));
  if (!PATHS.has(url ?? '')) {
    if (health.readiness().ready) return json(404, { error: 'not found' });
    response.setHeader('retry-after', '1');
    return json(503, { error: 'being started' });
  }
  if (method !== 'GET') return json(405, { error: 'method not allowed' });
  if (url === '/health/live') return json(200, { live: true });
  if (url === '/health/ready') {
    const readiness = health.readiness();
    return json(readiness.ready ? 200 : 503, readiness);
  }
  response.writeHead(200, { 'content-type': metrics.registry.contentType }).end(await metrics.registry.metrics());
}
