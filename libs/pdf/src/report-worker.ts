import { parentPort } from 'node:worker_threads';
import { renderLogbookReport } from './logbook-report.js';
import { mergeForPrinter } from './print-copy.js';
import type { ReportFile } from './report-archive.js';
import type { RenderOptions, ReportModel } from './report-model.js';

export type ReportTask =
  | { is: 'report'; model: ReportModel; options: RenderOptions }
  | { is: 'print-copy'; reports: ReportFile[]; options: Partial<RenderOptions> };

export type ReportAnswer = { bytes: Uint8Array<ArrayBuffer> } | { failed: string };

const run = (task: ReportTask) =>
  task.is === 'report' ? renderLogbookReport(task.model, task.options) : mergeForPrinter(task.reports, task.options);

parentPort?.on('message', async (task: ReportTask) => {
  try {
    const bytes = new Uint8Array(await run(task));
    parentPort!.postMessage({ bytes } satisfies ReportAnswer, [bytes.buffer]);
  } catch (error) {
    parentPort!.postMessage({ failed: error instanceof Error ? (error.stack ?? error.message) : String(error) } satisfies ReportAnswer);
  }
});
