import { createHash } from 'node:crypto';
import { setTimeout as rest } from 'node:timers/promises';
import type { LoggingTrainee, Office } from './cast.js';
import type { Chance } from './chance.js';
import { type Acknowledged, only } from './journal.js';
import type { Load } from './load.js';
import { patiently } from './patience.js';
import type { FeedEvent } from './verdict.js';

const REST_MS = 1_000;
const MOST_REPORTS = 3;
const MOST_ASKED = 60;
const ASK_AGAIN_MS = 2_000;
const ISSUED = 'reporting.report-issued.v1';

type Row = { readonly traineeId: string; readonly is: string; readonly reportId: string | null; readonly reason: string | null };

/** A secretariat that prints one run after another, takes each PDF and asks whether it is genuine; the last run is seen to its end. */
export async function printReports(load: Load, { client, schoolId, numbers }: Office, trainees: readonly LoggingTrainee[], chance: Chance) {
  const own = trainees.map(({ traineeId }) => traineeId).filter((traineeId) => numbers.has(traineeId));
  while (!load.stopped) {
    const runId = chance.uuid();
    const traineeIds = own.slice(0, chance.whole(1, MOST_REPORTS));
    const { status, body } = await client.ask('POST', '/report-runs', { runId, schoolId, traineeIds }, chance.uuid());
    if (status === 200) {
      load.journal.write({ is: 'run', runId, traineeIds });
      await takeHome(load, client, runId);
    } else load.problems.push(`report run: ${status} ${JSON.stringify(body).slice(0, 300)}`);
    await rest(REST_MS);
  }
}

async function takeHome(load: Load, client: Office['client'], runId: string): Promise<void> {
  const ended = await patiently(load, client, `/report-runs/${runId}`, ({ is }) => is !== 'running');
  if (!ended) return;
  const files: Record<string, string> = {};
  const rows = ended['rows'] as readonly Row[];
  for (const { reportId } of rows) if (reportId !== null) files[reportId] = await download(load, client, reportId);
  const failed = rows.filter(({ is }) => is !== 'done').map(({ traineeId, reason }) => ({ traineeId, reason }));
  load.journal.write({ is: 'run-ended', runId, failed, files });
}

/** Answers the hash of the file. */
async function download(load: Load, client: Office['client'], reportId: string): Promise<string> {
  const { status, body, bytes } = await client.get(`/reports/${reportId}/file`);
  if (!bytes?.subarray(0, 5).equals(Buffer.from('%PDF-')))
    load.problems.push(`report ${reportId} is no PDF: ${status} ${JSON.stringify(body).slice(0, 300)}`);
  const hash = createHash('sha256')
    .update(bytes ?? '')
    .digest('hex');
  const isKnown = async () => (await client.get(`/verification?fileHash=${hash}`)).body['outcome'];
  let outcome = await isKnown();
  // the list of reports follows the report itself, and nobody may ask without end
  for (let asked = 1; asked < MOST_ASKED && outcome === 'unknown'; asked++) {
    await rest(ASK_AGAIN_MS);
    outcome = await isKnown();
  }
  if (outcome !== 'genuine') load.problems.push(`the PDF of report ${reportId} is ${String(outcome)}`);
  return hash;
}

/** Each run that was accepted has ended, with each report issued once and its PDF as it was issued. */
export function againstRuns(events: readonly FeedEvent[], acknowledged: readonly Acknowledged[]): string[] {
  const ended = new Map(only(acknowledged, 'run-ended').map((end) => [end.runId, end]));
  const issued = Map.groupBy(
    events.filter(({ type }) => type === ISSUED),
    ({ data }) => data['reportId'],
  );
  return only(acknowledged, 'run').flatMap(({ runId, traineeIds }) => {
    const end = ended.get(runId);
    if (!end) return [`report run ${runId} was accepted and never ended`];
    const files = Object.entries(end.files);
    const found = end.failed.map(
      ({ traineeId, reason }) => `report run ${runId}: the report of ${traineeId} failed, ${reason ?? 'nobody knows why'}`,
    );
    if (files.length + end.failed.length !== traineeIds.length)
      found.push(`report run ${runId}: ${files.length} reports of ${traineeIds.length}`);
    for (const [reportId, hash] of files) {
      const own = issued.get(reportId) ?? [];
      if (own.length !== 1) found.push(`report ${reportId} was issued ${own.length} times`);
      else if (own[0]?.data['fileHash'] !== hash) found.push(`the PDF of report ${reportId} is another than was issued`);
    }
    return found;
  });
}
