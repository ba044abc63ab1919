import { ConfigurationError, ownerOnly } from '@ateneo/service-kit';
import { backup } from './backup.js';
import { check } from './check.js';
import { type Command, CommandError, type Io, UsageError } from './command.js';
import { erasures } from './erasures.js';
import { importFile } from './import-file.js';
import { rebuild } from './rebuild.js';
import { restore } from './restore.js';
import { signHistory } from './sign-history.js';
import { token } from './token.js';

const COMMANDS: Readonly<Record<string, Command>> = {
  token,
  import: importFile,
  rebuild,
  backup,
  erasures,
  restore,
  check,
  'sign-history': signHistory,
};

const help = (): string[] => {
  const width = Math.max(...Object.values(COMMANDS).map(({ usage }) => usage.length)) + 2;
  return [
    'Usage: npm run ateneo -- <command>',
    '',
    ...Object.values(COMMANDS).map(({ usage, summary }) => `  ${usage.padEnd(width)}${summary}`),
    '',
    'DATA_DIR, PORT, PUBLIC_URL and MASTER_KEY are read as at the start of the platform.',
  ];
};

/** Runs one command. 0: done; 1: it could not be done, or damage was found; 2: the words are wrong. */
export async function runCommandLine([name, ...args]: readonly string[], io: Io): Promise<number> {
  if (name === undefined || name === 'help' || name === '--help') {
    help().forEach((line) => io.say(line));
    return name === undefined ? 2 : 0;
  }
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command) {
    io.complain(`«${name}» is no command.`);
    help().forEach((line) => io.complain(line));
    return 2;
  }
  ownerOnly();
  try {
    return await command.run(args, io);
  } catch (error) {
    if (error instanceof UsageError) {
      io.complain(`${name}: ${error.message}`);
      io.complain(`Usage: npm run ateneo -- ${command.usage}`);
      return 2;
    }
    io.complain(isExpected(error) ? error.message : ((error as Error).stack ?? String(error)));
    return 1;
  }
}

const isExpected = (error: unknown): error is Error =>
  error instanceof CommandError || error instanceof ConfigurationError || (error as Error).message?.startsWith('The data folder');
