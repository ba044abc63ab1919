export { contentHash } from './content-hash.js';
export { displayCode, displayInstant, displayNumber } from './display.js';
export { renderLogbookReport } from './logbook-report.js';
export { mergeForPrinter } from './print-copy.js';
export { zipReports, type ReportFile } from './report-archive.js';
export { reportMessages, type ReportMessages } from './report-messages.js';
export type {
  AutonomyLevel,
  CounterFigures,
  LevelCount,
  Minimum,
  PartFigures,
  RenderOptions,
  ReportLocale,
  ReportModel,
  ReportSet,
  RequirementLine,
  RequirementState,
} from './report-model.js';
export { createReportPool, type ReportPool, type ReportPoolOptions, ReportPoolBusy } from './report-pool.js';
