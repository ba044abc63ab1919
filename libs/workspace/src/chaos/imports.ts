import { setTimeout as rest } from 'node:timers/promises';
import type { LoggingTrainee, Office } from './cast.js';
import type { Chance } from './chance.js';
import { type Acknowledged, type ImportPromise, only } from './journal.js';
import { content, type Load } from './load.js';
import { patiently } from './patience.js';
import type { FeedEvent } from './verdict.js';

const REST_MS = 400;
const FEWEST_ROWS = 100;
const MOST_ROWS = 400;
/** So many in a hundred rows are wrong, and so many were imported before. */
const WRONG = 6;
const KNOWN = 10;
/** Rows of one import that later ones may bring again. */
const MOST_AGAIN = 20;
const PAGE = 200;
const FINISHED = 'logbook.import-finished.v1';
const COLUMNS =
  'external_id,student_number,kind,performed_on,activities,unit,quantity,autonomy,surgical_role,participation,setting,purpose,diagnosis,procedure,simulated,period_from,period_to,credits,credited_to,state,validator,note';

type Fate = 'new' | 'already-there' | 'refused';
type Row = { readonly externalId: string; readonly fate: Fate; readonly state: 'draft' | 'submitted'; readonly text: string };
type Told = { readonly externalId: string; readonly fate: string; readonly code: string | null; readonly entryId: string | null };

/** A secretariat that imports one file after another, each with rows that are wrong and rows that are there already; the last one is seen to its end. */
export async function importFiles(load: Load, { client, schoolId, numbers }: Office, trainees: readonly LoggingTrainee[], chance: Chance) {
  const students = trainees.filter(({ traineeId }) => numbers.has(traineeId));
  const landed: Row[] = [];
  while (!load.stopped) {
    const rows = fileOf(students, numbers, landed, chance);
    const importId = chance.uuid();
    const path = `/logbook/imports?importId=${importId}&schoolId=${schoolId}&fileName=chaos.csv`;
    const { status, body } = await client.ask('POST', path, [COLUMNS, ...rows.map(({ text }) => text)].join('\n'), chance.uuid());
    if (status === 200) landed.push(...(await carryOut(load, client, importId, rows, chance)));
    else load.problems.push(`POST ${path}: ${status} ${JSON.stringify(body).slice(0, 300)}`);
    await rest(REST_MS);
  }
}

/** Answers some of the rows that landed. */
async function carryOut(
  load: Load,
  client: Office['client'],
  importId: string,
  rows: readonly Row[],
  chance: Chance,
): Promise<readonly Row[]> {
  const path = `/logbook/imports/${importId}`;
  const checked = await patiently(load, client, path, ({ is }) => is !== 'checking');
  if (checked?.['is'] !== 'checked') {
    load.problems.push(`import ${importId} was accepted and never checked: ${JSON.stringify(checked?.['problem'])}`);
    return [];
  }
  const told = await rowsOf(client, path, rows.length);
  load.problems.push(...otherFates(importId, rows, told));
  const { status, body } = await client.ask('POST', `${path}/confirmation`, { onlyGood: true }, chance.uuid());
  if (status !== 200) {
    load.problems.push(`${path}/confirmation: ${status} ${JSON.stringify(body).slice(0, 300)}`);
    return [];
  }
  load.journal.write(promiseOf(importId, rows, told));
  const ended = await patiently(load, client, path, ({ is }) => is !== 'importing');
  if (ended) load.journal.write({ is: 'import-ended', importId, how: String(ended['problem'] ?? ended['is']) });
  return ended?.['is'] === 'done' ? rows.filter(({ fate }) => fate === 'new').slice(0, MOST_AGAIN) : [];
}

async function rowsOf(client: Office['client'], path: string, total: number): Promise<Map<string, Told>> {
  const told: Told[] = [];
  for (let page = 1; (page - 1) * PAGE < total; page++)
    told.push(...((await client.get(`${path}/rows?size=${PAGE}&page=${page}`)).body['rows'] as Told[]));
  return new Map(told.map((row) => [row.externalId, row]));
}

function otherFates(importId: string, rows: readonly Row[], told: ReadonlyMap<string, Told>): string[] {
  const wrong = rows.filter(({ externalId, fate }) => told.get(externalId)?.fate !== fate);
  return wrong
    .slice(0, 5)
    .map(({ externalId, fate }) => `import ${importId}: ${externalId} was to be ${fate}, told ${JSON.stringify(told.get(externalId))}`);
}

function promiseOf(importId: string, rows: readonly Row[], told: ReadonlyMap<string, Told>): ImportPromise {
  const count = (wanted: Fate) => rows.filter(({ fate }) => fate === wanted).length;
  return {
    is: 'import',
    importId,
    rows: rows
      .filter(({ fate }) => fate === 'new')
      .map(({ externalId, state }) => ({
        entryId: told.get(externalId)?.entryId ?? externalId,
        events: ['logbook.entry-recorded.v1', ...(state === 'submitted' ? ['logbook.entry-submitted.v1'] : [])],
      })),
    refused: count('refused'),
    alreadyThere: count('already-there'),
  };
}

function fileOf(students: readonly LoggingTrainee[], numbers: Office['numbers'], landed: readonly Row[], chance: Chance): Row[] {
  const rows = Array.from({ length: chance.whole(FEWEST_ROWS, MOST_ROWS) }, (): Row => {
    const student = chance.pick(students);
    const wrong = chance.whole(1, 100) <= WRONG;
    const state = chance.pick(['draft', 'submitted'] as const);
    const externalId = `chaos-${chance.uuid()}`;
    const { activities, performedOn, autonomy } = content(student, chance);
    const cells = [externalId, numbers.get(student.traineeId), 'professional', performedOn, activities[0], '', '1', autonomy ?? ''];
    if (wrong) Object.assign(cells, chance.pick([{ 1: '999999999' }, { 3: '2025-13-45' }, { 4: 'NO-SUCH-ACT' }, { 6: 'many' }]));
    return { externalId, fate: wrong ? 'refused' : 'new', state, text: [...cells, ...Array(11).fill(''), state, '', ''].join(',') };
  });
  const known = landed.length === 0 ? [] : Array.from({ length: Math.ceil((rows.length * KNOWN) / 100) }, () => chance.pick(landed));
  return [...rows, ...new Set(known.map(({ externalId }) => externalId))].map((row) =>
    typeof row === 'string' ? { ...(landed.find(({ externalId }) => externalId === row) as Row), fate: 'already-there' } : row,
  );
}

/** Each import that was confirmed has ended once, as its file says. Its rows are looked at as every other entry. */
export function againstImports(events: readonly FeedEvent[], acknowledged: readonly Acknowledged[]): string[] {
  const ended = new Map(only(acknowledged, 'import-ended').map(({ importId, how }) => [importId, how]));
  const finished = Map.groupBy(
    events.filter(({ type }) => type === FINISHED),
    ({ data }) => data['importId'],
  );
  return only(acknowledged, 'import').flatMap(({ importId, rows, refused, alreadyThere }) => {
    if (ended.get(importId) !== 'done') return [`import ${importId} was confirmed and ended as ${ended.get(importId) ?? 'nothing'}`];
    const own = finished.get(importId) ?? [];
    if (own.length !== 1) return [`import ${importId} finished ${own.length} times`];
    const said = ['rows', 'imported', 'alreadyThere', 'refused'].map((name) => own[0]?.data[name]).join();
    const meant = [rows.length + refused + alreadyThere, rows.length, alreadyThere, refused].join();
    return said === meant ? [] : [`import ${importId}: rows, imported, already there and refused are ${said} in place of ${meant}`];
  });
}
