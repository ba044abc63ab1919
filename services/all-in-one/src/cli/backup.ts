import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { SignedHead } from '@ateneo/event-sourcing';
import { argumentsOf, type Command, CommandError, type DataFolder, dataFolder } from './command.js';
import { attachmentsOf, copyTogether, filesOf, makeDurable, sha256Of } from './data-files.js';
import { type Register, registerOf } from './erasures.js';
import { signEach } from './sign-history.js';

/** What a backup holds; written last, so that a backup without it is none. */
export type Manifest = {
  readonly ateneo: 1;
  readonly takenAt: string;
  readonly seed: 'demo' | 'empty';
  /** By service, as signed when the backup was taken. */
  readonly heads: Readonly<Record<string, SignedHead>>;
  /** Everybody who had been erased; backups of before ADR 0035 have it in their keys alone. */
  readonly erasures?: Register;
  /** SHA-256 by path inside the backup. */
  readonly files: Readonly<Record<string, string>>;
};
export const MANIFEST = 'backup.json';
/** Events, files and settings stand apart from keys, so that the two can be kept in different places. */
export const PARTS = ['data', 'keys'] as const;
const SETTINGS = { data: ['installation.json'], keys: ['demo-master.key'] } as const;

/** Takes a backup beside a running platform, or of a folder at rest. */
export const backup: Command = {
  usage: 'backup <dir>',
  summary: 'copies events, files and keys into an empty folder, also while the platform runs',
  async run(args, io) {
    const target = resolve(argumentsOf(args, 1, {}).positionals[0] as string);
    const data = dataFolder(io);
    if (existsSync(target) && readdirSync(target).length > 0)
      throw new CommandError(`${target} is not empty: a backup goes into a folder of its own`);
    for (const part of PARTS) mkdirSync(join(target, part), { recursive: true, mode: 0o700 });
    chmodSync(target, 0o700);
    try {
      const { heads, files } = await takeBackup(data, target);
      io.say(
        `${Object.values(heads).reduce((sum, { position }) => sum + position, 0)} events of ${Object.keys(heads).length} services, ${Object.keys(files).length} files in ${target}`,
      );
      if (data.installation.seed !== 'demo') io.say('MASTER_KEY is not in it: nothing of it can be read without that key');
      return 0;
    } catch (error) {
      for (const part of PARTS) rmSync(join(target, part), { recursive: true, force: true });
      throw error;
    }
  },
};

/** Databases as of one moment, then the files that they speak of: a file is complete before any event names it. */
async function takeBackup(data: DataFolder, target: string): Promise<Manifest> {
  const { folder, installation } = data;
  const events = filesOf(folder, 'events');
  const heads = await signEach(data);
  const into = (part: (typeof PARTS)[number]) => (name: string) => ({ from: join(folder, name), to: join(target, part, name) });
  const copies = [
    ...[...events, ...filesOf(folder, 'webhooks')].map(({ name }) => into('data')(name)),
    ...filesOf(folder, 'keys').map(({ name }) => into('keys')(name)),
  ];
  await copyTogether(
    copies,
    events.map(({ name }) => join(folder, name)),
  );
  copyAttachments(folder, join(target, 'data'));
  for (const part of PARTS) for (const name of SETTINGS[part]) copyIfThere(join(folder, name), join(target, part, name));
  const files: Record<string, string> = {};
  for (const path of pathsIn(target)) files[path] = await sha256Of(join(target, path));
  const takenAt = new Date().toISOString();
  const erasures = { asOf: takenAt, erased: registerOf(join(target, 'keys'), { still: true }) };
  const manifest: Manifest = { ateneo: 1, takenAt, seed: installation.seed, heads, erasures, files };
  writeFileSync(join(target, MANIFEST), `${JSON.stringify(manifest, undefined, 1)}\n`, { flush: true });
  makeDurable(target, ...PARTS.map((part) => join(target, part)));
  return manifest;
}

function copyAttachments(folder: string, to: string): void {
  const attachments = attachmentsOf(folder);
  if (attachments.length > 0) mkdirSync(join(to, 'files'));
  for (const name of attachments) copyIfThere(join(folder, 'files', name), join(to, 'files', name));
}

/** What is deleted while the copy runs is no longer spoken of. */
function copyIfThere(from: string, to: string): void {
  try {
    copyFileSync(from, to);
    chmodSync(to, 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  makeDurable(to);
}

/** Every file of a backup but its manifest. */
export const pathsIn = (folder: string): string[] =>
  PARTS.flatMap((part) =>
    readdirSync(join(folder, part), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1)),
  ).sort();
