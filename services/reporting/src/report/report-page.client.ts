import type { AutonomyScale, Localised, RequirementSet, reporting } from '@ateneo/contracts';
import type { CounterFigures, ReportModel, ReportSet, RequirementLine } from '@ateneo/pdf';

type Locale = 'it' | 'en';
const UNITS: Readonly<Record<string, Localised>> = {
  activities: { it: 'attività', en: 'activities' },
  cases: { it: 'casi', en: 'cases' },
  consultations: { it: 'consulenze', en: 'consultations' },
  credits: { it: 'crediti', en: 'credits' },
  documents: { it: 'documenti', en: 'documents' },
  examinations: { it: 'esami', en: 'examinations' },
  months: { it: 'mesi', en: 'months' },
  patients: { it: 'pazienti', en: 'patients' },
  presentations: { it: 'presentazioni', en: 'presentations' },
  procedures: { it: 'procedure', en: 'procedures' },
  semesters: { it: 'semestri', en: 'semesters' },
  sessions: { it: 'sessioni', en: 'sessions' },
  shifts: { it: 'guardie', en: 'shifts' },
  studies: { it: 'studi', en: 'studies' },
  visits: { it: 'visite', en: 'visits' },
  weeks: { it: 'settimane', en: 'weeks' },
  years: { it: 'anni', en: 'years' },
};
const TIME: ReadonlySet<string> = new Set(['weeks', 'months', 'semesters', 'years']);
const NOT_STATED = {
  key: 'not-stated',
  name: { it: 'Non indicato', en: 'Not stated' },
  description: { it: 'Il livello non è stato indicato.', en: 'No level was given.' },
};

const unitOf = (unit: string, locale: Locale): string => UNITS[unit]?.[locale] ?? unit;

const levelsOf = ({ levels }: AutonomyScale, locale: Locale) =>
  [...[...levels].sort((a, b) => a.rank - b.rank), NOT_STATED].map(({ key, name, description }) => ({
    key,
    name: name[locale],
    description: description[locale],
  }));

function figures(
  { kind, unit }: reporting.RequirementCounter,
  { number, minimum, percent, met, levels, parts, remainder }: reporting.Figure,
  keys: readonly string[],
  locale: Locale,
): CounterFigures {
  if (kind === 'qualitative') return { number: null, percent: null, state: met ? 'met' : 'to-attest', levels: [], parts: [] };
  return {
    number,
    percent,
    state: minimum === null ? null : met ? 'met' : 'in-progress',
    levels: TIME.has(unit) ? [] : keys.map((level) => ({ level, n: levels[level] ?? 0 })),
    parts: [
      ...parts.map((part) => ({
        label: part.label[locale],
        number: part.number,
        minimum: part.minimum,
        unit: part.unit && unitOf(part.unit, locale),
        met: part.met,
      })),
      ...(remainder ? [{ label: remainder.label[locale], number: remainder.n, minimum: null, met: true }] : []),
    ],
  };
}

/** As the row has it: of components and items their sum. */
const minimumOf = ({ definitive, unit }: reporting.RequirementCounter, locale: Locale): RequirementLine['minimum'] =>
  definitive.minimum === null ? null : { amount: definitive.minimum, unit: unitOf(unit, locale) };
const lineOf = (counter: reporting.RequirementCounter, keys: readonly string[], locale: Locale): RequirementLine => ({
  id: counter.requirementId,
  label: counter.label[locale],
  description: counter.note?.[locale],
  minimum: counter.kind === 'qualitative' ? null : minimumOf(counter, locale),
  verify: counter.verify,
  notApplicable: counter.applicable ? undefined : { act: counter.notApplicableAct ?? '' },
  provisional: figures(counter, counter.provisional, keys, locale),
  definitive: figures(counter, counter.definitive, keys, locale),
});

function setOf(
  { setId, mode, act, version, percent, track, requirements }: reporting.SetCounter,
  source: RequirementSet | undefined,
  keys: readonly string[],
  locale: Locale,
): ReportSet {
  const chosen =
    track.chosen === null ? undefined : (source?.tracks?.find(({ key }) => key === track.chosen)?.label[locale] ?? track.chosen);
  return {
    id: setId,
    mode,
    act,
    version,
    note: source?.note?.[locale],
    track: track.missing ? 'missing' : chosen === undefined ? undefined : { chosen },
    percent,
    missingAttestations: requirements
      .filter(({ kind, applicable, definitive }) => kind === 'qualitative' && applicable && !definitive.met)
      .map(({ label }) => label[locale]),
    requirements: requirements.map((counter) => lineOf(counter, keys, locale)),
  };
}

export type ReportFacts = Pick<ReportModel, 'trainee' | 'cohort' | 'generatedAt' | 'requestedBy' | 'reportCode' | 'contentHash'> & {
  readonly university: Localised;
  readonly school: Localised;
  readonly trainingYear: number | null;
  readonly publicUrl: string;
  readonly scale: AutonomyScale;
  readonly counters: readonly reporting.SetCounter[];
  readonly sources: readonly RequirementSet[];
};

/** Counters and names as the page prints them, in one language. */
export function modelOf(
  { university, school, trainingYear, publicUrl, scale, counters, sources, ...facts }: ReportFacts,
  locale: Locale,
): ReportModel {
  const levels = levelsOf(scale, locale);
  const keys = levels.map(({ key }) => key);
  const year = trainingYear === null ? '–' : locale === 'it' ? `${trainingYear}° anno` : `year ${trainingYear}`;
  return {
    ...facts,
    university: university[locale],
    school: school[locale],
    trainingYear: year,
    verifyUrl: `${publicUrl}/verify/${facts.reportCode}`,
    levels,
    sets: counters.map((counter) =>
      setOf(
        counter,
        sources.find(({ id }) => id === counter.setId),
        keys,
        locale,
      ),
    ),
  };
}
