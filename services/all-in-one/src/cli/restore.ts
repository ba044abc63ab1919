import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { applyErasures, checkStore, lockDataFolder, renewEpoch } from '@ateneo/event-sourcing';
import { chainOf, derivedKey, masterKeyOf, readPlatformConfig, RESTORING } from '@ateneo/service-kit';
import { MANIFEST, type Manifest, pathsIn, registerOf } from './backup.js';
import { argumentsOf, type Command, CommandError, type Io } from './command.js';
import { filesOf, makeDurable, sha256Of } from './data-files.js';

const PREPARED = 'restore.part';
/** Everything that a folder at rest may hold and a backup replaces. */
const REPLACED = /\.(events|views|keys|webhooks)\.sqlite(-wal|-shm)?$|^(files|installation\.json|demo-master\.key)$/;

/** Puts a backup in the place of a folder's data. Nobody who was erased since the backup comes back. */
export const restore: Command = {
  usage: 'restore <dir> [--replace] [--erased <file>]',
  summary: 'puts a backup into DATA_DIR; the platform must not run; --erased: ids of people erased since, one a line',
  async run(args, io) {
    const { positionals, values } = argumentsOf(args, 1, { replace: { type: 'boolean' }, erased: { type: 'string' } });
    const source = resolve(positionals[0] as string);
    const folder = resolve(readPlatformConfig(io.environment).DATA_DIR);
    const manifest = await readBackup(source);
    const unlock = lockDataFolder(folder);
    try {
      const again = existsSync(join(folder, RESTORING));
      if (existsSync(join(folder, 'installation.json')) && !values.replace && !again)
        throw new CommandError(`${folder} holds data: --replace puts the backup in its place for good`);
      const register = [
        ...new Set([
          ...registerOf(folder),
          ...registerIn(join(folder, RESTORING)),
          ...registerOf(join(source, 'keys')),
          ...(values.erased ? registerIn(resolve(values.erased)) : []),
        ]),
      ];
      prepare(source, join(folder, PREPARED), manifest, register, io);
      writeFileSync(join(folder, RESTORING), register.join('\n'), { flush: true });
      swap(folder);
      io.say(
        `restored to ${folder} as of ${manifest.takenAt}; ${register.length} erasures applied; the views are rebuilt at the next start`,
      );
      return 0;
    } finally {
      unlock();
    }
  },
};

async function readBackup(source: string): Promise<Manifest> {
  const file = join(source, MANIFEST);
  if (!existsSync(file)) throw new CommandError(`${source} is no finished backup: ${MANIFEST} is missing`);
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as Manifest;
  if (manifest.ateneo !== 1) throw new CommandError(`${source} was taken by another release`);
  const found = new Set(pathsIn(source));
  for (const [path, hash] of Object.entries(manifest.files)) {
    if (!found.has(path)) throw new CommandError(`${join(source, path)} is missing`);
    if ((await sha256Of(join(source, path))) !== hash) throw new CommandError(`${join(source, path)} was changed since the backup`);
  }
  return manifest;
}

/** Ids, one a line. */
const registerIn = (file: string): string[] => (existsSync(file) ? readFileSync(file, 'utf8').split(/\s+/).filter(Boolean) : []);

/** The data as it will stand, beside what stands there still: chains whole, another epoch, keys of erased people gone. */
function prepare(source: string, target: string, { seed, heads, files }: Manifest, register: readonly string[], { environment }: Io): void {
  rmSync(target, { recursive: true, force: true });
  mkdirSync(join(target, 'files'), { recursive: true, mode: 0o700 });
  for (const path of Object.keys(files)) copyFileSync(join(source, path), join(target, path.slice(path.indexOf('/') + 1)));
  const masterKey = masterKeyOf(target, readPlatformConfig(environment), seed);
  for (const { service, name } of filesOf(target, 'events')) {
    const { damages } = checkStore(join(target, name), derivedKey(masterKey, chainOf(service)), heads[service] ? [heads[service]] : []);
    if (damages[0])
      throw new CommandError(
        `the backup is damaged, or MASTER_KEY is not its key: ${service}, ${damages[0].stream} revision ${damages[0].revision}: ${damages[0].why}`,
      );
    renewEpoch(join(target, name));
  }
  for (const { service, name } of filesOf(target, 'keys')) if (heads[service]) applyErasures(join(target, name), register);
  makeDurable(...readdirSync(target, { recursive: true, withFileTypes: true }).map((entry) => join(entry.parentPath, entry.name)), target);
}

/** A start in between is refused; the command sent again ends what was begun. */
function swap(folder: string): void {
  for (const name of readdirSync(folder)) if (REPLACED.test(name)) rmSync(join(folder, name), { recursive: true });
  for (const name of readdirSync(join(folder, PREPARED))) renameSync(join(folder, PREPARED, name), join(folder, name));
  makeDurable(folder);
  rmSync(join(folder, PREPARED), { recursive: true });
  rmSync(join(folder, RESTORING));
  makeDurable(folder);
}
