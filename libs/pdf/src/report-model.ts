/** What a logbook report prints. Texts come in the language of the report; figures are printed as given, never computed again. */
export interface ReportModel {
  university: string;
  school: string;
  trainee: { fullName: string; studentNumber: string };
  cohort: string;
  trainingYear: string;
  /** ISO 8601 instant, shown in Europe/Rome. */
  generatedAt: string;
  /** The name or the role of whoever asked for the report. */
  requestedBy: string;
  /** 128 bits as 32 hexadecimal digits, shown in groups of four. */
  reportCode: string;
  verifyUrl: string;
  /** SHA-256 of the figures, see `contentHash`. */
  contentHash: string;
  /** Seven digits, slash, year: 0000123/2026. Absent until the report is registered. */
  protocolNumber?: string;
  /** The university's own nomenclature, lowest level first; its last item may stand for "not stated". */
  levels: AutonomyLevel[];
  /** The core set first, then the supplements: each is evaluated apart. */
  sets: ReportSet[];
}

export interface AutonomyLevel {
  key: string;
  name: string;
  description: string;
}

export interface ReportSet {
  id: string;
  mode: 'core' | 'supplement';
  act: string;
  version: string;
  note?: string;
  /** The elective track chosen, or 'missing' where the set asks for one and none was chosen. */
  track?: { chosen: string } | 'missing';
  /** Whole percents, rounded down; null where the set has none. */
  percent: { provisional: number | null; definitive: number | null };
  /** Labels of the requirements still to be attested. */
  missingAttestations: string[];
  requirements: RequirementLine[];
}

export interface RequirementLine {
  id: string;
  label: string;
  description?: string;
  minimum: Minimum | null;
  /** The figure was not yet compared with the official text of the act. */
  verify: boolean;
  /** The act that declared the requirement not applicable, and why. */
  notApplicable?: { act: string; reason?: string };
  provisional: CounterFigures;
  definitive: CounterFigures;
}

export interface Minimum {
  amount: number;
  /** In the number that the amount asks for: "procedure", "mesi". */
  unit: string;
}

export type RequirementState = 'met' | 'in-progress' | 'to-attest';

export interface CounterFigures {
  /** What was achieved of the minimum; null where the requirement has no number. */
  number: number | null;
  /** `number` of the minimum as a whole percent, rounded down; null where there is none. */
  percent: number | null;
  state: RequirementState | null;
  levels: LevelCount[];
  parts: PartFigures[];
}

export interface LevelCount {
  level: string;
  n: number;
}

/** A line of its own under a requirement: a share, a component, an item. */
export interface PartFigures {
  label: string;
  number: number;
  /** null where the part has none: what a share takes besides. */
  minimum: number | null;
  /** Of time, in the number that the minimum asks for: "mesi". */
  unit?: string;
  /** An unmet part stands in words with its own numbers; absent in models kept since before, which are printed again as they were. */
  met?: boolean;
}

export type ReportLocale = 'it' | 'en';

export interface RenderOptions {
  locale: ReportLocale;
}
