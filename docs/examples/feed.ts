// Reads the public events page by page and goes on where it was: node feed.ts
// Environment: ATENEO_URL, ATENEO_CLIENT_ID, ATENEO_CLIENT_SECRET, CURSOR_FILE (default feed.cursor).
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { AteneoClient, type FeedEvent, ProblemError } from '@ateneo/client';

const { ATENEO_URL = 'http://localhost:3000', ATENEO_CLIENT_ID = '', ATENEO_CLIENT_SECRET = '', CURSOR_FILE = 'feed.cursor' } = process.env;
const credentials = { clientId: ATENEO_CLIENT_ID, clientSecret: ATENEO_CLIENT_SECRET };
const client = new AteneoClient({ baseUrl: ATENEO_URL, credentials });

/** Your work with one event; a repeat must change nothing, so remember `id` together with what you do. */
function take({ id, type, subject }: FeedEvent): void {
  console.log(`${id} ${type} ${subject}`);
}

/** Kept after the work is done: a crash in between repeats a page, and loses none. */
function keep(cursor: string): void {
  writeFileSync(`${CURSOR_FILE}.new`, cursor);
  renameSync(`${CURSOR_FILE}.new`, CURSOR_FILE);
}

const cursor = existsSync(CURSOR_FILE) ? readFileSync(CURSOR_FILE, 'utf8') : undefined;
try {
  for await (const { events, next } of client.eventsSince({ type: 'logbook.', cursor })) {
    events.forEach(take);
    keep(next);
  }
} catch (error) {
  if (!(error instanceof ProblemError) || error.code !== 'feed-restarted') throw error;
  console.error('A service was restored from a backup: drop what you built from it, delete the cursor and read from the beginning.');
  process.exitCode = 2;
}
