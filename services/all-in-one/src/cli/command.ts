import { resolve } from 'node:path';
import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';
import {
  ConfigurationError,
  derivedKey,
  type Installation,
  masterKeyOf,
  type PlatformConfig,
  readInstallation,
  readPlatformConfig,
} from '@ateneo/service-kit';

export type Io = {
  readonly environment: Readonly<Record<string, string | undefined>>;
  say(line: string): void;
  complain(line: string): void;
};
/** A command of the command line; answers the exit code. */
export type Command = { readonly usage: string; readonly summary: string; run(args: readonly string[], io: Io): Promise<number> };

/** The words of the command do not fit it. */
export class UsageError extends Error {}
/** Something expected stands in the way; the message says what, without a stack. */
export class CommandError extends Error {}

/** Words and options of a command. Throws UsageError. */
export function argumentsOf<O extends ParseArgsOptionsConfig>(args: readonly string[], words: number, options: O) {
  try {
    const parsed = parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
    if (parsed.positionals.length === words) return parsed;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
  throw new UsageError(words === 0 ? 'no further word is expected' : `${words === 1 ? 'one word is' : `${words} words are`} expected`);
}

/** A data folder as the environment names it, with what opens it. */
export type DataFolder = {
  readonly config: PlatformConfig;
  readonly folder: string;
  readonly installation: Installation;
  readonly masterKey: Buffer;
  derive(purpose: string): Buffer;
};

/** Throws CommandError where there is no data, ConfigurationError where the environment does not fit it. */
export function dataFolder({ environment }: Io): DataFolder {
  const config = readPlatformConfig(environment);
  const folder = resolve(config.DATA_DIR);
  const installation = readInstallation(folder);
  if (!installation) throw new CommandError(`${folder} holds no data of Ateneo (DATA_DIR)`);
  if (config.SEED !== undefined && config.SEED !== installation.seed)
    throw new ConfigurationError(`SEED holds "${config.SEED}", but the folder ${folder} was started as "${installation.seed}"`);
  if (installation.seed === 'demo' && installation.seededOn === undefined)
    throw new CommandError(`the first start of ${folder} was cut off: start it once more`);
  const masterKey = masterKeyOf(folder, config, installation.seed);
  return { config, folder, installation, masterKey, derive: (purpose) => derivedKey(masterKey, purpose) };
}

/** Where the running platform answers. */
export function addressOf({ environment }: Io): string {
  const { PORT, PUBLIC_URL } = readPlatformConfig(environment);
  return (PUBLIC_URL ?? `http://localhost:${PORT}`).replace(/\/$/, '');
}
