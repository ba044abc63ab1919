import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** Decorators need the hook; the built libraries do. */
const execArgv = () => process.execArgv.filter((argument) => argument !== '--conditions=source');

async function worker(name: string, nats: string): Promise<{ child: ChildProcess; said: { port?: number } }> {
  const child = fork(join(import.meta.dirname, `${name}.worker.ts`), [nats], { execArgv: execArgv(), stdio: ['ignore', 2, 2, 'ipc'] });
  const [said] = (await once(child, 'message')) as [{ port?: number }];
  return { child, said };
}

/** A bare Nest service on NATS; its process and how to end it. */
export async function echoService(nats: string): Promise<{ pid: number; end(): void }> {
  const { child } = await worker('echo-service', nats);
  return { pid: child.pid as number, end: () => child.disconnect() };
}

/** A bare Nest gateway with a bare service behind NATS. */
export async function echoStack(nats: string): Promise<{ url: string; end(): void }> {
  const service = await echoService(nats);
  const { child, said } = await worker('echo-gateway', nats);
  return { url: `http://localhost:${said.port}`, end: () => (child.disconnect(), service.end()) };
}
