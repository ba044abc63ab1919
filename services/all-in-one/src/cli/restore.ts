import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { applyErasures, checkStore, goesOnFrom, lockDataFolder, renewEpoch } from '@ateneo/event-sourcing';
import { chainOf, ConfigurationError, derivedKey, masterKeyOf, readInstallation, readPlatformConfig, RESTORING } from '@ateneo/service-kit';
import { MANIFEST, type Manifest, pathsIn } from './backup.js';
import { argumentsOf, type Command, CommandError, type Io } from './command.js';
import { filesOf, makeDurable, sha256Of } from './data-files.js';
import { lastWritten, type Register, registerIn, registerOf } from './erasures.js';
import { signEach } from './sign-history.js';

const PREPARED = 'restore.part';
/** Everything that a folder at rest may hold and a backup replaces. */
const REPLACED =
  /\.(events|views|keys|webhooks)\.sqlite(-wal|-shm)?$|^anchor\.sqlite(-journal)?$|^(files|installation\.json|demo-master\.key)$/;

type Words = { readonly replace?: boolean; readonly erased?: string; readonly 'no-newer-register'?: boolean };
type Found = Register & { readonly from: string };

/** Puts a backup in the place of a folder's data. Nobody who was erased since the backup comes back, as far as the newest register tells. */
export const restore: Command = {
  usage: 'restore <dir> [--replace] [--erased <file> | --no-newer-register]',
  summary: 'puts a backup into DATA_DIR; the platform must not run; --erased: what «erasures» wrote where the data lived last',
  async run(args, io) {
    const options = { replace: { type: 'boolean' }, erased: { type: 'string' }, 'no-newer-register': { type: 'boolean' } } as const;
    const { positionals, values } = argumentsOf(args, 1, options);
    const source = resolve(positionals[0] as string);
    const folder = resolve(readPlatformConfig(io.environment).DATA_DIR);
    const manifest = await readBackup(source);
    const unlock = lockDataFolder(folder);
    try {
      const again = existsSync(join(folder, RESTORING));
      if (existsSync(join(folder, 'installation.json')) && !values.replace && !again)
        throw new CommandError(`${folder} holds data: --replace puts the backup in its place for good`);
      const register = newestRegister({ source, folder, manifest, values, again }, io);
      await prepare(source, join(folder, PREPARED), manifest, register.erased, io);
      writeFileSync(join(folder, RESTORING), JSON.stringify({ asOf: register.asOf, erased: register.erased }), { flush: true });
      swap(folder);
      io.say(
        `restored to ${folder} as of ${manifest.takenAt}; ${register.erased.length} erasures applied, register of ${register.asOf ?? 'an unknown day'} (${register.from}); the views are rebuilt at the next start`,
      );
      return 0;
    } finally {
      unlock();
    }
  },
};

type Restoring = {
  readonly source: string;
  readonly folder: string;
  readonly manifest: Manifest;
  readonly values: Words;
  readonly again: boolean;
};

/** Everybody in any register that can be found, and which of them is the newest. Throws CommandError where none is newer than the backup. */
function newestRegister({ source, folder, manifest, values, again }: Restoring, io: Io): Found {
  const backup: Found = { asOf: manifest.takenAt, erased: manifest.erasures?.erased ?? [], from: 'in the backup' };
  const begun = again ? [{ ...begunRegister(join(folder, RESTORING)), from: 'of the restore that was begun' }] : [];
  const given = values.erased === undefined ? [] : [{ ...registerIn(resolve(values.erased)), from: values.erased }];
  const living = goesOn(folder, manifest, io) ? [{ asOf: lastWritten(folder), erased: [], from: 'in the folder that is replaced' }] : [];
  for (const { asOf, from } of given)
    if (asOf !== undefined && asOf < manifest.takenAt)
      throw new CommandError(
        `the register ${from} is of ${asOf}, older than the backup of ${manifest.takenAt}: write a newer one with «erasures»`,
      );
  const newer = [...given, ...living, ...begun];
  if (newer.length === 0 && !values['no-newer-register'])
    throw new CommandError(
      `the newest register of erasures that was found is the backup's, of ${manifest.takenAt}: whoever was erased since would come back with name, contacts, ` +
        'sign-in, notes and documents. Give a newer one, --erased <file>, as «erasures <file>» writes it where the data lived last; or, where there is none, say --no-newer-register',
    );
  const newest = newer.reduce<Found>((best, one) => ((one.asOf ?? '9') > (best.asOf ?? '9') ? one : best), newer[0] ?? backup);
  const all = [
    ...[backup, ...newer].flatMap(({ erased }) => erased),
    ...registerOf(folder),
    ...registerOf(join(source, 'keys'), { still: true }),
  ];
  return { asOf: newest.asOf, from: newest.from, erased: [...new Set(all)].sort() };
}

/** The mark of a restore that was cut off holds its register, unless it was cut off while that was written. */
const begunRegister = (file: string): Register => (readFileSync(file, 'utf8') === '' ? { erased: [] } : registerIn(file));

/** Whether the folder holds the history that the backup was taken of, or what became of it: then its register is as new as its data. */
function goesOn(folder: string, { heads }: Manifest, { environment }: Io): boolean {
  const [installation, head, events] = [readInstallation(folder), heads['identity'], join(folder, 'identity.events.sqlite')];
  if (!installation || !head || !existsSync(events) || !existsSync(join(folder, 'identity.keys.sqlite'))) return false;
  try {
    const masterKey = masterKeyOf(folder, readPlatformConfig(environment), installation.seed);
    return goesOnFrom(events, derivedKey(masterKey, chainOf('identity')), head);
  } catch (error) {
    if (error instanceof ConfigurationError) return false;
    throw error;
  }
}

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

/** The data as it will stand, beside what stands there still: chains whole, another epoch, keys of erased people gone. */
async function prepare(
  source: string,
  target: string,
  { seed, heads, files }: Manifest,
  register: readonly string[],
  { environment }: Io,
): Promise<void> {
  rmSync(target, { recursive: true, force: true });
  mkdirSync(join(target, 'files'), { recursive: true, mode: 0o700 });
  for (const path of Object.keys(files)) {
    const to = join(target, path.slice(path.indexOf('/') + 1));
    copyFileSync(join(source, path), to);
    chmodSync(to, 0o600);
  }
  const masterKey = masterKeyOf(target, readPlatformConfig(environment), seed);
  for (const { service, name } of filesOf(target, 'events')) {
    const head = heads[service];
    if (!head) throw new CommandError(`${MANIFEST} has no signed head of ${service}`);
    const { damages } = checkStore(join(target, name), derivedKey(masterKey, chainOf(service)), { heads: [head] });
    if (damages[0])
      throw new CommandError(
        `the backup is damaged, or MASTER_KEY is not its key: ${service}, ${damages[0].stream} revision ${damages[0].revision}: ${damages[0].why}`,
      );
    renewEpoch(join(target, name));
  }
  await signEach({ folder: target, derive: (purpose) => derivedKey(masterKey, purpose) }, { anew: true });
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
