import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as rest } from 'node:timers/promises';
import type { RunningPlatform } from '../bench/platform.js';
import type { Cast } from './cast.js';
import type { Chance } from './chance.js';
import { type Acknowledged, only } from './journal.js';
import type { Load } from './load.js';
import { againstRecount, type FeedEvent, promisesIn, publicEvents, storedIn } from './verdict.js';

const REST_MS = 6_000;
const MOST_KEPT = 2;
const ENDS = new Set(['logbook.import-finished.v1', 'reporting.report-issued.v1']);

/** An operator with a form of the platform. Each of these throws where it cannot be done. */
export type Operator = {
  /** Takes one backup into an empty folder. */
  backUp(folder: string): Promise<void>;
  /** Puts a backup into an empty folder and starts a platform on it. */
  restore(backup: string, folder: string): Promise<RunningPlatform>;
};

/** An operator who takes one backup after another below `home`; the last ones are kept. */
export async function takeBackups(load: Load, home: string, operator: Operator, chance: Chance): Promise<void> {
  mkdirSync(home, { recursive: true });
  for (let n = 1; !load.stopped; n++) {
    const folder = join(home, `backup-${n}`);
    load.journal.write({ is: 'backup', folder });
    try {
      await operator.backUp(folder);
      load.journal.write({ is: 'backup-ended', folder });
    } catch (error) {
      load.problems.push(`backup ${n}: ${(error as Error).message}`);
    }
    if (n > MOST_KEPT) rmSync(join(home, `backup-${n - MOST_KEPT}`), { recursive: true, force: true });
    for (const until = performance.now() + REST_MS + chance.whole(0, REST_MS); !load.stopped && performance.now() < until;) await rest(100);
  }
}

/** The last backup that was finished, and all that had been acknowledged when it began. */
export function backupToTry(acknowledged: readonly Acknowledged[]) {
  const folder = only(acknowledged, 'backup-ended').at(-1)?.folder;
  if (folder === undefined) return undefined;
  const begun = acknowledged.findIndex((one) => one.is === 'backup' && one.folder === folder);
  return { folder, promised: acknowledged.slice(0, begun) };
}

/** The last backup, restored into a folder of its own, started and counted. */
export async function againstRestored(
  { operator, home, say }: { operator: Operator; home: string; say: (line: string) => void },
  { toolAt, trainees }: Pick<Cast, 'toolAt' | 'trainees'>,
  acknowledged: readonly Acknowledged[],
): Promise<string[]> {
  const backup = backupToTry(acknowledged);
  if (!backup) return ['no backup was finished'];
  const running = await operator.restore(backup.folder, join(home, 'restored'));
  try {
    const reader = toolAt({ url: running.url, gone: false, token: running.token });
    const restored = await publicEvents(reader);
    say(`a backup of ${restored.length} events was restored; ${backup.promised.length} acknowledgements are older`);
    return [...againstBackup(restored, backup.promised), ...(await againstRecount(reader, restored, trainees, []))];
  } finally {
    await running.stop('SIGKILL');
  }
}

/** A restored backup against what had been acknowledged before it began; what came later, or was under way as the rows of an import, may be in it or not. */
export function againstBackup(restored: readonly FeedEvent[], promised: readonly Acknowledged[]): string[] {
  const stored = storedIn(restored);
  const found: string[] = [];
  const done = new Set(only(promised, 'import-ended').map(({ importId }) => importId));
  const due = promised.filter((one) => one.is !== 'import' || done.has(one.importId));
  for (const [entryId, types] of promisesIn(due)) {
    const own = (stored.get(entryId) ?? []).slice(0, types.length);
    if (own.join() !== types.join())
      found.push(
        `the backup lacks of entry ${entryId}: ${types.join(', ')} was acknowledged before, ${own.join(', ') || 'nothing'} is in it`,
      );
  }
  const ids = new Set(restored.flatMap(({ type, data }) => (ENDS.has(type) ? [data['importId'] ?? data['reportId']] : [])));
  const issued = only(promised, 'run-ended').flatMap(({ files }) => Object.keys(files));
  for (const id of [...done, ...issued]) if (!ids.has(id)) found.push(`the backup lacks what was told of import or report ${id}`);
  return found;
}
