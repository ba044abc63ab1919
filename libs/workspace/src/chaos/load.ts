import { setTimeout as rest } from 'node:timers/promises';
import type { Cast, LoggingTrainee } from './cast.js';
import type { Chance } from './chance.js';
import type { Answer, Client } from './client.js';
import type { Journal } from './journal.js';

type Waiting = { readonly entryId: string; readonly traineeId: string; readonly revision: number };
/** Work of trainees and tutors, from one place so that it can be ended. */
export type Load = {
  readonly journal: Journal;
  readonly waiting: Map<string, Waiting[]>;
  readonly problems: string[];
  /** Between two entries of one trainee; without it none. */
  readonly restMs?: number;
  stopped: boolean;
};

const MOST_WAITING = 200;
const BULK = 10;
const RECORDED = 'logbook.entry-recorded.v1';
const SUBMITTED = 'logbook.entry-submitted.v1';
const WITHDRAWN = 'logbook.entry-withdrawn.v1';
const VALIDATED = 'logbook.entry-validated.v1';

/** Two hands of each trainee log, each tutor validates; resolves when all of it has ended. */
export function everybodyWorks(load: Load, { trainees, tutors }: Pick<Cast, 'trainees' | 'tutors'>, chance: Chance): Promise<unknown> {
  for (const { tutorId } of tutors) load.waiting.set(tutorId, []);
  return Promise.all([
    ...trainees.flatMap((trainee, i) => [log(load, trainee, chance.branch(2 * i)), log(load, trainee, chance.branch(2 * i + 1))]),
    ...tutors.map(({ client, tutorId }, i) => validate(load, client, tutorId, chance.branch(100 + i))),
  ]);
}

/** One trainee who logs without a pause: entries sent at once, drafts sent later, some taken back, some commands sent twice. */
async function log(load: Load, trainee: LoggingTrainee, chance: Chance): Promise<void> {
  const send = sender(load, trainee.client, trainee.traineeId, chance);
  while (!load.stopped) {
    if (load.restMs) await rest(load.restMs);
    const entryId = chance.uuid();
    const way = chance.next();
    const entry = { entryId, ...content(trainee, chance), submit: way < 0.75 };
    if (!(await send('POST', '/logbook/entries', entry, entryId, entry.submit ? [RECORDED, SUBMITTED] : [RECORDED]))) continue;
    let revision = entry.submit ? 1 : 0;
    if (way >= 0.75 && way < 0.9 && (await send('POST', `/logbook/entries/${entryId}/submission`, {}, entryId, [SUBMITTED]))) revision = 1;
    if (way >= 0.65 && way < 0.75) {
      await send('DELETE', `/logbook/entries/${entryId}/submission`, undefined, entryId, [WITHDRAWN]);
      revision = 0;
    }
    const waiting = load.waiting.get(trainee.tutorId);
    if (revision === 1 && waiting && waiting.length < MOST_WAITING) waiting.push({ entryId, traineeId: trainee.traineeId, revision });
  }
}

/** One tutor who validates what trainees have sent, one by one and many at once. */
async function validate(load: Load, client: Client, tutorId: string, chance: Chance): Promise<void> {
  const waiting = load.waiting.get(tutorId) ?? [];
  while (!load.stopped) {
    const first = waiting.shift();
    if (!first) {
      await rest(20);
      continue;
    }
    if (chance.next() < 0.6)
      await sender(load, client, first.traineeId, chance)('POST', `/logbook/entries/${first.entryId}/validation`, {}, first.entryId, [
        VALIDATED,
      ]);
    else await validateMany(load, client, [first, ...waiting.splice(0, BULK - 1)], chance);
  }
}

async function validateMany(load: Load, client: Client, entries: readonly Waiting[], chance: Chance): Promise<void> {
  const key = chance.uuid();
  const { status, body } = await client.ask(
    'POST',
    '/logbook/validations',
    { batchId: chance.uuid(), entries: entries.map(({ entryId, revision }) => ({ entryId, revision })) },
    key,
  );
  const results = (body['results'] ?? []) as readonly { readonly entryId: string; readonly ok: boolean; readonly code?: string }[];
  if (status !== 200 || results.length !== entries.length)
    return void load.problems.push(`bulk validation: ${status} ${JSON.stringify(body).slice(0, 300)}`);
  for (const { entryId, ok, code } of results) if (!ok) load.problems.push(`bulk validation of ${entryId}: ${code}`);
  const traineeOf = new Map(entries.map(({ entryId, traineeId }) => [entryId, traineeId]));
  load.journal.write(
    ...results
      .filter(({ ok }) => ok)
      .map(({ entryId }) => ({
        is: 'entry' as const,
        key,
        entryId,
        events: [VALIDATED],
        traineeId: traineeOf.get(entryId) as string,
        token: body['token'] as string | undefined,
      })),
  );
}

/** Sends until there is an answer and keeps it; now and then sends once more what was answered: the answer must be the same. */
function sender(load: Load, client: Client, traineeId: string, chance: Chance) {
  return async (method: string, path: string, body: object | undefined, entryId: string, events: readonly string[]): Promise<boolean> => {
    const key = chance.uuid();
    const answer = await client.ask(method, path, body, key);
    if (answer.status !== 200) {
      load.problems.push(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body).slice(0, 300)}`);
      return false;
    }
    load.journal.write({ is: 'entry', key, entryId, events, traineeId, token: answer.body['token'] as string | undefined });
    if (chance.next() < 0.05) sameAgain(load, answer, await client.ask(method, path, body, key), path);
    return true;
  };
}

function sameAgain(load: Load, first: Answer, again: Answer, path: string): void {
  const plain = ({ status, body }: Answer) => JSON.stringify([status, body['entryId'], body['revision']]);
  if (plain(first) !== plain(again)) load.problems.push(`${path} sent again answered ${plain(again)} after ${plain(first)}`);
}

type Content = {
  readonly activities: readonly [string];
  readonly performedOn: string;
  readonly autonomy: string | null;
  readonly classified: Readonly<Record<string, string>>;
  readonly note: string;
};

/** An act of a trainee on a past day. */
export function content({ activities, from }: LoggingTrainee, chance: Chance): Content {
  const { code, requires } = chance.pick(activities);
  const day = new Date(Date.parse(`${from}T00:00:00Z`) + chance.whole(1, 300) * 86_400_000).toISOString().slice(0, 10);
  const today = new Date().toISOString().slice(0, 10);
  return {
    activities: [code],
    performedOn: day < today ? day : from,
    autonomy: chance.pick(['support', 'guided', null]),
    classified: Object.fromEntries(requires.map(({ axis, values }) => [axis, chance.pick(values).value])),
    note: '',
  };
}
