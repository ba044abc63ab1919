import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { killAtExit } from '../children.mjs';

const root = resolve(import.meta.dirname, '../../../..');
const BUILT = join(root, 'services/all-in-one/dist/ateneo.js');

/** `code` is null where it was killed. */
export type Said = { readonly code: number | null; readonly text: string };
export type Environment = Readonly<Record<string, string | undefined>>;

/** One command of the operator in a process of its own; `killAfterMs`: it is killed if it still runs then. */
export async function ateneo(words: readonly string[], env: Environment, killAfterMs?: number): Promise<Said> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', BUILT, ...words], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  killAtExit(child);
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes: Buffer) => (text = `${text}${bytes}`.slice(-4_000)));
  const late = killAfterMs === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), killAfterMs);
  const [code] = (await once(child, 'close')) as [number | null];
  clearTimeout(late);
  return { code, text: text.trim() };
}

/** What it said. Throws where it did not end well. */
export async function done(command: Promise<Said>): Promise<string> {
  const { code, text } = await command;
  if (code !== 0) throw new Error(`exit code ${code}: ${text}`);
  return text;
}
