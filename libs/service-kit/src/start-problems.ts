import { createServer } from 'node:net';
import { isAway } from '@ateneo/event-sourcing';
import { ConfigurationError } from './config.js';

const NAMES_A_VARIABLE = /^[A-Z][A-Z0-9_]{2,} (holds|is|names|does)\b/;

/** Why a start failed: one line where the environment is the reason, or a server that went away meanwhile; else the error with its stack. */
export function whyNotStarted(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const expected =
    error instanceof ConfigurationError || error.message.startsWith('The data folder') || NAMES_A_VARIABLE.test(error.message);
  if (expected) return error.message;
  return isAway(error) ? `A server went away during the start: ${error.message.split('\n')[0]}` : (error.stack ?? error.message);
}

/** Says which variable is to blame where something that it names cannot be opened. */
export async function openedBy<T>(name: string, value: string, open: () => T | Promise<T>): Promise<T> {
  try {
    return await open();
  } catch (error) {
    if (error instanceof ConfigurationError || NAMES_A_VARIABLE.test((error as Error).message)) throw error;
    const shown = value.replace(/\/\/[^@/]*@/, '//…@');
    throw Object.assign(new ConfigurationError(`${name} holds "${shown}": ${(error as Error).message.split('\n')[0]}`), { cause: error });
  }
}

/** Throws ConfigurationError where nobody can listen there: seen before anything else is begun. */
export async function checkAddress(PORT: number, HOST: string | undefined): Promise<void> {
  const server = createServer();
  try {
    await new Promise<void>((listening, failed) => server.once('error', failed).listen(PORT, HOST, listening));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE') throw new ConfigurationError(`PORT holds "${PORT}": something listens there already`);
    if (code === 'EACCES') throw new ConfigurationError(`PORT holds "${PORT}": this process may not listen there`);
    throw new ConfigurationError(`HOST holds "${HOST ?? ''}": it may hold an address of this machine (${message})`);
  }
  await new Promise((closed) => server.close(closed));
}
