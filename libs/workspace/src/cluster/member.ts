import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, type WriteStream } from 'node:fs';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { killAtExit } from '../children.mjs';
import { processStopped } from '../pause-process.mjs';

export type MemberOptions = {
  /** Unique in the cluster, e.g. `reporting-2`. */
  readonly name: string;
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly port: number;
  /** Where its output goes. */
  readonly log: string;
  /** Started again when it ends by itself or is killed; default true. */
  readonly restart?: boolean;
};

const STOP_MS = 15_000;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5_000;
const STEADY_MS = 10_000;
/** The sentence of a start that did not reach a server, or lost it. */
const IN_VAIN = /^(?:(?:BUS|EVENT_STORE|READ_MODELS|KEYS|FILES)_URL holds |A server went away during the start: )/m;

/** Says which process, for what it waits and where its log is. */
export class NotReadyError extends Error {
  override readonly name = 'NotReadyError';
}

/** One process of the cluster: kept alive, killed, paused, stopped. */
export class Member {
  readonly #options: MemberOptions;
  readonly #log: WriteStream;
  #child: ChildProcess | undefined;
  #wanted = false;
  /** While it is kept down on purpose. */
  #held = false;
  #failures = 0;
  #since = 0;
  #said = '';
  /** How often it was started. */
  starts = 0;
  /** How often it ended by itself since a server was away when it started, and said so. */
  startedInVain = 0;

  constructor(options: MemberOptions) {
    this.#options = options;
    this.#log = createWriteStream(options.log, { flags: 'a' });
  }

  get name(): string {
    return this.#options.name;
  }

  get port(): number {
    return this.#options.port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  get isRunning(): boolean {
    return this.#child !== undefined;
  }

  start(): void {
    if (this.#wanted) return;
    this.#wanted = true;
    this.#spawn();
  }

  /** Stops the process that runs now, if any, and resolves when it stands still; SIGCONT wakes it. */
  async pause(): Promise<void> {
    const child = this.#child;
    if (child?.kill('SIGSTOP')) await processStopped(child.pid as number);
  }

  /** Sends a signal to the process that runs now; SIGCONT wakes a paused one, SIGKILL ends it and it is started again. */
  signal(signal: NodeJS.Signals): void {
    this.#child?.kill(signal);
  }

  /** Kills it, does something while it is down, and starts it again. */
  async whileDown(work: () => unknown): Promise<void> {
    this.#held = true;
    try {
      const child = this.#child;
      if (child) {
        const ended = once(child, 'exit');
        child.kill('SIGKILL');
        await ended;
      }
      await work();
    } finally {
      this.#held = false;
      if (this.#wanted && !this.#child) this.#spawn();
    }
  }

  /** Ends it for good, by force after 15 s. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    this.#wanted = false;
    const child = this.#child;
    if (child) {
      const ended = once(child, 'exit');
      child.kill('SIGCONT');
      child.kill(signal);
      const late = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
      await ended;
      clearTimeout(late);
    }
    this.#log.end();
  }

  /** Resolves when it answers that it is ready. Throws with its last reason after `withinMs`. */
  async ready(withinMs: number): Promise<void> {
    let last = 'no answer';
    for (const until = performance.now() + withinMs; performance.now() < until; await pause(50)) {
      const response = await fetch(`${this.url}/health/ready`, { signal: AbortSignal.timeout(2_000) }).catch(() => undefined);
      const text = await response?.text().catch(() => '');
      if (response?.status === 200) return;
      if (text) last = text;
    }
    throw new NotReadyError(`${this.name} was not ready within ${withinMs / 1_000} s: ${last} (see ${this.#options.log})`);
  }

  /** Resolves when it has written these words. Throws after `withinMs`. */
  async saying(words: string, withinMs: number): Promise<void> {
    for (const until = performance.now() + withinMs; performance.now() < until; await pause(2)) if (this.#said.includes(words)) return;
    throw new Error(`${this.name} did not say "${words}" within ${withinMs / 1_000} s: ${this.#said}`);
  }

  #spawn(): void {
    const [program = '', ...args] = this.#options.command;
    this.starts += 1;
    this.#since = performance.now();
    // a session of its own: Ctrl+C is for the cluster, which ends its members in order
    const child = spawn(program, args, {
      env: { ...process.env, ...this.#options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    this.#child = child;
    this.#said = '';
    killAtExit(child);
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (bytes: Buffer) => {
        this.#said = `${this.#said}${bytes}`.slice(-2_000);
        this.#log.write(bytes);
      });
    child.on('error', (error) => this.#log.write(`${error.message}\n`));
    child.once('exit', (code, signal) => void this.#ended(child, code, signal));
  }

  async #ended(child: ChildProcess, code: number | null, signal: string | null): Promise<void> {
    if (this.#child === child) this.#child = undefined;
    if (!this.#wanted) return;
    this.#log.write(`${this.name} ended (${signal ?? code})\n`);
    if (code === 1 && IN_VAIN.test(this.#said)) this.startedInVain += 1;
    if (this.#held || this.#options.restart === false) return;
    this.#failures = performance.now() - this.#since > STEADY_MS ? 0 : this.#failures + 1;
    await pause(Math.min(FIRST_PAUSE_MS * 2 ** this.#failures, LONGEST_PAUSE_MS));
    if (this.#wanted && !this.#held && !this.#child) this.#spawn();
  }
}
