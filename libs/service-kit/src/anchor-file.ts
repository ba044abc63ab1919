import { join } from 'node:path';
import { HistoryError, readAnchor } from '@ateneo/event-sourcing';
import { ConfigurationError } from './config.js';

/** Keeps the newest signed head of each service of a data folder, beside the events files. */
export const ANCHOR = 'anchor.sqlite';
/** The purpose of the key that signs it. */
export const ANCHOR_KEY = 'anchor';

/** Throws ConfigurationError where MASTER_KEY is not the folder's, before anything is written under a wrong key. */
export function checkMasterKey(folder: string, derive: (purpose: string) => Buffer): void {
  try {
    readAnchor(join(folder, ANCHOR), derive(ANCHOR_KEY));
  } catch (error) {
    if (!(error instanceof HistoryError)) throw error;
    throw new ConfigurationError(
      `MASTER_KEY does not fit ${ANCHOR} in ${folder}: it is the key of another folder, or somebody changed that file («ateneo check»)`,
    );
  }
}
