import { copyFileSync, mkdtempSync, readFileSync, rmSync, existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Anchored, checkStore, HistoryError, openToRead, readAnchor, type Witnesses } from '@ateneo/event-sourcing';
import { ANCHOR, ANCHOR_KEY, chainOf } from '@ateneo/service-kit';
import { AllInOne } from '../all-in-one.module.js';
import { MANIFEST, type Manifest } from './backup.js';
import { checkCounters } from './counters-check.js';
import { argumentsOf, type Command, CommandError, type DataFolder, dataFolder, type Io } from './command.js';
import { copyTogether, filesOf, type ServiceFile } from './data-files.js';

const SETTINGS = ['installation.json', 'demo-master.key'];
const MOST_LINES = 200;

/** Looks whether everything is whole; changes nothing, and may run beside the platform. */
export const check: Command = {
  usage: 'check [--heads <backup dir>]',
  summary: 'hash chains against signed heads, counters against an independent recount; exit code 1 names what is damaged',
  async run(args, io) {
    const { heads } = argumentsOf(args, 0, { heads: { type: 'string' } }).values;
    const data = dataFolder(io);
    const kept = heads === undefined ? {} : headsOf(resolve(heads));
    const anchored = anchoredIn(data, io);
    let damaged = anchored === undefined ? 1 : 0;
    const files = filesOf(data.folder, 'events');
    for (const { service, name } of files) {
      const head = kept[service];
      const anchor = anchored && (anchored[service] ?? null);
      damaged += checkEvents(data, { service, name }, { heads: head ? [head] : [], anchor }, io);
    }
    for (const service of new Set([...Object.keys(anchored ?? {}), ...Object.keys(kept)]))
      if (!files.some((file) => file.service === service)) {
        io.complain(`DAMAGED ${service}: its history was signed, and its events file is gone`);
        damaged += 1;
      }
    if (damaged > 0) {
      io.complain('The counters were not recounted: the events they rest on are damaged.');
      return 1;
    }
    return (await checkFigures(data, io)) ? 0 : 1;
  },
};

function headsOf(folder: string): Manifest['heads'] {
  const file = join(folder, MANIFEST);
  if (!existsSync(file)) throw new CommandError(`${folder} is no finished backup: ${MANIFEST} is missing`);
  return (JSON.parse(readFileSync(file, 'utf8')) as Manifest).heads;
}

/** Undefined, and said, where the anchor was changed. */
function anchoredIn({ folder, derive }: DataFolder, { complain }: Io): Anchored | undefined {
  try {
    return readAnchor(join(folder, ANCHOR), derive(ANCHOR_KEY)) ?? {};
  } catch (error) {
    complain(`DAMAGED ${ANCHOR}: ${(error as Error).message}`);
    if (error instanceof HistoryError) return undefined;
    throw error;
  }
}

/** Answers how many damages were found. */
function checkEvents({ folder, derive }: DataFolder, { service, name }: ServiceFile, witnesses: Witnesses, { say, complain }: Io): number {
  const file = join(folder, name);
  try {
    const pages = pagesOf(file);
    const { events, streams, heads, damages } = checkStore(file, derive(chainOf(service)), witnesses);
    for (const { stream, revision, position, why } of damages.slice(0, MOST_LINES))
      complain(`DAMAGED ${service} ${stream}${revision < 0 ? '' : ` revision ${revision}`} (position ${position}): ${why}`);
    if (pages !== 'ok') complain(`DAMAGED ${name}: ${pages}`);
    if (damages.length === 0 && pages === 'ok') say(`${service}: ${events} events in ${streams} streams, ${heads} signed heads: whole`);
    return damages.length + (pages === 'ok' ? 0 : 1);
  } catch (error) {
    complain(`DAMAGED ${name}: ${(error as Error).message}`);
    return 1;
  }
}

function pagesOf(file: string): string {
  const db = openToRead(file);
  try {
    return String(Object.values(db.prepare('PRAGMA quick_check(1)').get() ?? {})[0]);
  } finally {
    db.close();
  }
}

/** Asks the product on a copy of its own, as of one moment: what it answers there is what it answers here. */
async function checkFigures({ folder, config }: DataFolder, io: Io): Promise<boolean> {
  const copy = mkdtempSync(join(tmpdir(), 'ateneo-check-'));
  try {
    const files = (['views', 'events', 'keys'] as const).flatMap((kind) => filesOf(folder, kind).map(({ name }) => name));
    const names = existsSync(join(folder, ANCHOR)) ? [ANCHOR, ...files] : files;
    await copyTogether(names.map((name) => ({ from: join(folder, name), to: join(copy, name) })));
    for (const name of SETTINGS) if (existsSync(join(folder, name))) copyFileSync(join(folder, name), join(copy, name));
    const running = await AllInOne.startServices({ ...io.environment, DATA_DIR: copy, SEED: undefined, LOG_LEVEL: config.LOG_LEVEL });
    try {
      const { events, enrolments, differences } = await checkCounters(running.platform);
      for (const difference of differences.slice(0, MOST_LINES)) io.complain(`DIFFERENT ${difference}`);
      io.say(
        `counters of ${enrolments} enrolments recounted from ${events} events: ${differences.length === 0 ? 'the same' : `${differences.length} differ`}`,
      );
      return differences.length === 0;
    } finally {
      await running.close();
    }
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}
