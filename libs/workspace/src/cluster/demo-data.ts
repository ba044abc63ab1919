import { randomBytes } from 'node:crypto';
import { copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startPlatform } from '../bench/platform.js';

/** What the processes of an installation have in common on disk. */
export type InstallationData = { readonly masterKey: string; readonly files: string; folderOf(member: string): string };

export type DataOptions = {
  readonly seed: 'demo' | 'empty';
  /** A data folder of the composed process to begin with, instead of a new one. */
  readonly from?: { readonly folder: string; readonly masterKey: string };
  readonly say: (line: string) => void;
};

const DONE = 'divided';
/** Signed heads of all services; each looks at its own. */
const ANCHOR = 'anchor.sqlite';

/**
 * The data of an installation divided into a folder for each service. A demo is seeded by the composed process first, so that its past has its
 * own dates; an installation that is there already is taken as it is.
 */
export async function prepareData(home: string, options: DataOptions): Promise<InstallationData> {
  const { seed, from, say } = options;
  const whole = from?.folder ?? join(home, 'whole');
  const services = join(home, 'services');
  const keyFile = join(home, 'master.key');
  mkdirSync(services, { recursive: true });
  if (!existsSync(join(services, DONE))) {
    if (from) {
      divide(whole, services);
      writeFileSync(keyFile, from.masterKey, { mode: 0o600 });
    } else if (seed === 'demo') {
      say('seeding the demo…');
      const platform = await startPlatform({ seed, dataDir: whole });
      await platform.stop();
      divide(whole, services);
      writeFileSync(keyFile, readFileSync(join(whole, 'demo-master.key')), { mode: 0o600 });
    } else writeFileSync(keyFile, randomBytes(32).toString('hex'), { mode: 0o600 });
    writeFileSync(join(services, DONE), '');
  }
  return {
    masterKey: readFileSync(keyFile, 'utf8').trim(),
    files: join(services, 'files'),
    folderOf(member) {
      const folder = join(services, member);
      mkdirSync(folder, { recursive: true });
      const installation = join(folder, 'installation.json');
      if (!existsSync(installation)) writeFileSync(installation, `${JSON.stringify({ seed, seededOn: '1970-01-01' })}\n`);
      return folder;
    },
  };
}

/** `<service>.events.sqlite` and `<service>.keys.sqlite` go to the folder of their service, with the signed heads; views are built anew. */
function divide(whole: string, services: string): void {
  for (const name of readdirSync(whole)) {
    const [, service] = /^([a-z-]+)\.(?:events|keys)\.sqlite(?:-wal)?$/.exec(name) ?? [];
    if (!service) continue;
    mkdirSync(join(services, service), { recursive: true });
    copyFileSync(join(whole, name), join(services, service, name));
    if (existsSync(join(whole, ANCHOR))) copyFileSync(join(whole, ANCHOR), join(services, service, ANCHOR));
  }
  const files = join(whole, 'files');
  if (existsSync(files)) cpSync(files, join(services, 'files'), { recursive: true });
}
