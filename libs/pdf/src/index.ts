export { contentHash } from './content-hash.js';
export { displayCode, displayInstant, displayNumber } from './display.js';
export { renderLogbookReport } from './logbook-report.js';
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
