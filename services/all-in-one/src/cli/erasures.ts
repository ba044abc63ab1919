import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { lockDataFolder, readErasures } from '@ateneo/event-sourcing';
import { argumentsOf, type Command, CommandError, dataFolder } from './command.js';
import { filesOf } from './data-files.js';

/** Everybody who was erased until a moment (ISO 8601); lists written by hand have none. */
export type Register = { readonly asOf?: string; readonly erased: readonly string[] };

/** Writes who was erased, so that a restore elsewhere brings nobody back. */
export const erasures: Command = {
  usage: 'erasures <file>',
  summary: 'writes the register of erasures, which a restore wants with --erased; also while the platform runs',
  async run(args, io) {
    const file = resolve(argumentsOf(args, 1, {}).positionals[0] as string);
    const { folder } = dataFolder(io);
    const register: Register = { asOf: isRunning(folder) ? new Date().toISOString() : lastWritten(folder), erased: registerOf(folder) };
    writeFileSync(file, `${JSON.stringify(register, undefined, 1)}\n`, { mode: 0o600, flush: true });
    io.say(`${register.erased.length} erasures as of ${register.asOf} in ${file}`);
    return 0;
  },
};

function isRunning(folder: string): boolean {
  try {
    lockDataFolder(folder)();
    return false;
  } catch {
    return true;
  }
}

/** When a folder at rest was last at work. */
export function lastWritten(folder: string): string {
  const times = readdirSync(folder)
    .filter((name) => /\.events\.sqlite(-wal)?$/.test(name))
    .map((name) => statSync(join(folder, name)).mtimeMs);
  return new Date(Math.max(0, ...times)).toISOString();
}

/** Everybody whom any keys file of a folder calls erased; `still`: nobody has them open, as in a backup. */
export const registerOf = (folder: string, options: { readonly still?: boolean } = {}): string[] =>
  existsSync(folder) ? [...new Set(filesOf(folder, 'keys').flatMap(({ name }) => readErasures(join(folder, name), options)))].sort() : [];

/** A register that was written by `erasures`, the one in the manifest of a backup, or ids, one a line. */
export function registerIn(file: string): Register {
  const text = textOf(file);
  if (!text.trimStart().startsWith('{')) return { erased: idsOf(file, text.split(/\s+/).filter(Boolean)) };
  const content = parsed(file, text);
  const { asOf, erased } = content.erasures ?? content;
  if (!Array.isArray(erased)) throw new CommandError(`${file} holds no register of erasures`);
  return { asOf, erased: idsOf(file, erased) };
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new CommandError(`${file} cannot be read: ${(error as Error).message}`);
  }
}

function parsed(file: string, text: string): Partial<Register> & { readonly erasures?: Register } {
  try {
    return JSON.parse(text) as Register;
  } catch (error) {
    throw new CommandError(`${file} holds no register of erasures: ${(error as Error).message}`);
  }
}

function idsOf(file: string, erased: readonly unknown[]): string[] {
  const wrong = erased.find((id) => typeof id !== 'string' || !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id));
  if (wrong !== undefined) throw new CommandError(`${file} names «${String(wrong).slice(0, 80)}», which is no id of a person`);
  return erased.map((id) => String(id).toLowerCase());
}
