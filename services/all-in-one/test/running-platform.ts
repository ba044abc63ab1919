import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { demoAccessToken } from '@ateneo/demo';
import type { Operation, Output, RawInput } from '@ateneo/contracts';
import { type Caller, writeInstallation } from '@ateneo/service-kit';
import { AllInOne } from '../src/all-in-one.module.js';
import { runCommandLine } from '../src/cli/command-line.js';
import { done, everybody, type Names, newId, smallWorld, type World } from './small-world.js';

export const MASTER_KEY = 'ab'.repeat(32);

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export type Printed = { readonly code: number; readonly said: readonly string[]; readonly complained: readonly string[] };
export type Environment = Readonly<Record<string, string | undefined>>;

/** The command line, in this process. */
export async function commandLine(environment: Environment, ...words: readonly string[]): Promise<Printed> {
  const [said, complained]: [string[], string[]] = [[], []];
  const code = await runCommandLine(words, {
    environment,
    say: (line) => void said.push(line),
    complain: (line) => void complained.push(line),
  });
  return { code, said, complained };
}

/** The composed platform on a folder of its own, with a small university in it. */
export class RunningPlatform {
  #running: AllInOne | undefined;
  world!: World;

  private constructor(
    readonly folder: string,
    readonly environment: Environment,
  ) {}

  /** `demo`: anyone may sign in as its people; its data counts as complete. */
  static async start({
    names,
    demo = false,
    environment = {},
  }: { readonly names?: Names; readonly demo?: boolean; readonly environment?: Environment } = {}): Promise<RunningPlatform> {
    const folder = await mkdtemp(join(tmpdir(), 'ateneo-whole-'));
    const port = await freePort();
    const started = new RunningPlatform(folder, {
      SEED: demo ? 'demo' : 'empty',
      MASTER_KEY,
      DATA_DIR: join(folder, 'data'),
      PORT: String(port),
      HOST: '127.0.0.1',
      LOG_LEVEL: 'error',
      ...environment,
    });
    await mkdir(started.data);
    if (demo) writeInstallation(started.data, { seed: 'demo', seededOn: '2026-01-01' });
    await started.open();
    started.world = await smallWorld(started.running.platform.client, names);
    if (demo)
      await started.running.introduce(
        everybody(started.world).map(({ personId, role }) => ({ personId, role, note: { it: 'nota', en: 'note' } })),
      );
    await started.running.settled();
    return started;
  }

  get running(): AllInOne {
    if (!this.#running) throw new Error('the platform does not run');
    return this.#running;
  }

  get data(): string {
    return this.environment['DATA_DIR'] as string;
  }

  async open(): Promise<void> {
    this.#running = await AllInOne.start(this.environment);
  }

  async stop(): Promise<void> {
    await this.#running?.close();
    this.#running = undefined;
  }

  /** Stops, works on the folder, and starts again. */
  async atRest<T>(work: () => T | Promise<T>): Promise<T> {
    await this.stop();
    const answer = await work();
    await this.open();
    return answer;
  }

  done<Op extends Operation>(operation: Op, input: RawInput<Op>, caller: Caller): Promise<Output<Op>> {
    return done(this.running.platform.client, operation, input, caller);
  }

  /** Through the gateway, as a person of the demo. */
  async http(
    username: string,
  ): Promise<(method: string, path: string, body?: object) => Promise<{ status: number; type: string | null; body: unknown }>> {
    const token = await demoAccessToken(this.running.url, username);
    return async (method, path, body) => {
      const answer = await fetch(`${this.running.url}/api${path}`, {
        method,
        body: body && JSON.stringify(body),
        headers: { authorization: `Bearer ${token}`, 'idempotency-key': newId(), ...(body ? { 'content-type': 'application/json' } : {}) },
      });
      return { status: answer.status, type: answer.headers.get('content-type'), body: await answer.json() };
    };
  }

  ateneo(...words: readonly string[]): Promise<Printed> {
    return commandLine(this.environment, ...words);
  }

  async close(): Promise<void> {
    await this.stop();
    await rm(this.folder, { recursive: true, force: true });
  }
}
