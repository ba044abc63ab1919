import { readFileSync } from 'node:fs';
import {
  contentHash,
  type AutonomyLevel,
  type CounterFigures,
  type PartFigures,
  type ReportLocale,
  type ReportModel,
  type ReportSet,
  type RequirementLine,
} from '../src/index.js';

type Text = Record<ReportLocale, string>;
interface Rule {
  kind: string;
  minimum?: number;
  partMinimum?: number;
  part?: { label: Text };
  components?: { label: Text; minimum: number }[];
  items?: { label: Text }[];
  minimumEach?: number;
  rule?: Rule;
  rules?: Rule[];
}
interface Requirement {
  id: string;
  label: Text;
  note?: Text;
  unit: string;
  minimum: number | null;
  rule: Rule;
  verify: boolean;
}
interface CatalogueSet {
  id: string;
  act: string;
  version: string;
  mode: 'core' | 'supplement';
  note?: Text;
  tracks?: unknown[];
  requirements: Requirement[];
}
interface School {
  schoolType: Text;
  sets: CatalogueSet[];
}

const catalogue = new URL('../../../services/school-network/catalogues/requirement-sets.json', import.meta.url);
const schools = JSON.parse(readFileSync(catalogue, 'utf8')) as School[];

const units: Record<string, Text> = {
  procedures: { it: 'procedure', en: 'procedures' },
  examinations: { it: 'esami', en: 'examinations' },
  patients: { it: 'pazienti', en: 'patients' },
  cases: { it: 'casi', en: 'cases' },
  documents: { it: 'documenti', en: 'documents' },
  weeks: { it: 'settimane', en: 'weeks' },
  semesters: { it: 'semestri', en: 'semesters' },
  years: { it: 'anni', en: 'years' },
  months: { it: 'mesi', en: 'months' },
  visits: { it: 'visite', en: 'visits' },
  shifts: { it: 'guardie', en: 'shifts' },
  consultations: { it: 'consulenze', en: 'consultations' },
  credits: { it: 'crediti', en: 'credits' },
};
const timeUnits = new Set(['weeks', 'months', 'semesters', 'years']);

const levels = (locale: ReportLocale): AutonomyLevel[] =>
  locale === 'it'
    ? [
        {
          key: 'support',
          name: 'Attività di appoggio',
          description: 'Lo specializzando affianca il medico strutturato, che svolge la prestazione.',
        },
        {
          key: 'guided',
          name: 'Collaborazione guidata',
          description: 'Lo specializzando svolge la prestazione con il medico strutturato presente che lo guida.',
        },
        {
          key: 'entrusted',
          name: 'Attività affidata con tutor disponibile',
          description: 'Lo specializzando svolge un compito affidato e il medico strutturato resta pronto a consigliare e intervenire.',
        },
        { key: 'not-stated', name: 'Non indicato', description: 'Il livello non è stato indicato.' },
      ]
    : [
        {
          key: 'support',
          name: 'Supporting activity',
          description: 'The trainee works beside the staff physician, who carries out the act.',
        },
        {
          key: 'guided',
          name: 'Guided collaboration',
          description: 'The trainee carries out the act while the staff physician is present and guides it.',
        },
        {
          key: 'entrusted',
          name: 'Entrusted activity with tutor available',
          description: 'The trainee carries out an entrusted task and the staff physician stays ready to advise and step in.',
        },
        { key: 'not-stated', name: 'Not stated', description: 'No level was given.' },
      ];

/** Whole numbers that look grown: the same for the same text. */
function figureOf(text: string, below: number): number {
  let hash = 2166136261;
  for (const character of text) hash = Math.imul(hash ^ character.charCodeAt(0), 16777619) >>> 0;
  return hash % below;
}

const reached = (number: number, minimum: number) => ({ number, minimum, met: number >= minimum });
const partsOf = (rule: Rule, number: number, locale: ReportLocale): PartFigures[] => {
  if (rule.rule) return partsOf(rule.rule, number, locale);
  if (rule.rules) return rule.rules.flatMap((each) => partsOf(each, number, locale));
  if (rule.part && rule.partMinimum)
    return [
      {
        label: `${locale === 'it' ? 'di cui' : 'of which'} ${rule.part.label[locale]}`,
        ...reached(Math.floor(number / 12), rule.partMinimum),
      },
    ];
  const items = rule.components ?? rule.items?.map((item) => ({ ...item, minimum: rule.minimumEach! })) ?? [];
  return items.map(({ label, minimum }, index) => ({ label: label[locale], ...reached(Math.floor(number / (index + 2)), minimum) }));
};

function figures(requirement: Requirement, share: number, locale: ReportLocale): CounterFigures {
  const { id, minimum, rule, unit } = requirement;
  if (minimum === null) {
    const state = rule.kind !== 'qualitative' ? null : figureOf(id, 3) === 0 ? 'to-attest' : 'met';
    return { number: null, percent: null, state, levels: [], parts: [] };
  }
  const number = Math.floor((minimum * (20 + figureOf(id, 110)) * share) / 100);
  const parts = partsOf(rule, number, locale);
  const met = number >= minimum && parts.every((each) => each.met);
  const percent = Math.min(Math.floor((number * 100) / minimum), met ? Infinity : 99);
  const split = [Math.floor(number * 0.3), Math.floor(number * 0.4), Math.floor(number * 0.2)];
  const counts = [...split, number - split.reduce((sum, n) => sum + n, 0)];
  return {
    number,
    percent,
    state: met ? 'met' : 'in-progress',
    levels: timeUnits.has(unit) ? [] : levels('it').map(({ key }, index) => ({ level: key, n: counts[index]! })),
    parts,
  };
}

function sampleSet(set: CatalogueSet, locale: ReportLocale): ReportSet {
  const requirements = set.requirements.map((requirement): RequirementLine => ({
    id: requirement.id,
    label: requirement.label[locale],
    description: requirement.note?.[locale],
    minimum:
      requirement.minimum === null ? null : { amount: requirement.minimum, unit: units[requirement.unit]?.[locale] ?? requirement.unit },
    verify: requirement.verify,
    notApplicable:
      requirement.id === 'CHIR-402-07'
        ? {
            act: locale === 'it' ? 'delibera del Consiglio n. 12/2026' : 'Council resolution no. 12/2026',
            reason: locale === 'it' ? 'sede senza laboratorio anatomico' : 'site without an anatomy laboratory',
          }
        : undefined,
    provisional: figures(requirement, 1, locale),
    definitive: figures(requirement, 0.8, locale),
  }));
  return {
    id: set.id,
    mode: set.mode,
    act: set.act,
    version: set.version,
    note: set.note?.[locale],
    track: set.tracks ? 'missing' : undefined,
    percent: { provisional: 71, definitive: 58 },
    missingAttestations: requirements.filter(({ definitive }) => definitive.state === 'to-attest').map(({ label }) => label),
    requirements,
  };
}

/** A report with plausible figures over one set of the catalogue (and the school's supplements). */
export function sampleReport(setId: string, locale: ReportLocale): ReportModel {
  const school = schools.find(({ sets }) => sets.some(({ id }) => id === setId))!;
  const sets = school.sets.filter(({ id, mode }) => id === setId || mode === 'supplement').map((set) => sampleSet(set, locale));
  return {
    university: 'Università degli Studi di Ateneo',
    school: school.schoolType[locale],
    trainee: { fullName: 'Niccolò D’Agostino Però', studentNumber: 'S4471823' },
    cohort: '2023/2024',
    trainingYear: locale === 'it' ? '3° anno' : 'year 3',
    generatedAt: '2026-11-20T23:30:00.000Z',
    requestedBy: locale === 'it' ? 'Segreteria della scuola' : 'School secretariat',
    reportCode: '3f2a91c04b7de8165a0c9d2e7714b3f8',
    verifyUrl: 'https://ateneo.example.org/verify/3f2a91c04b7de8165a0c9d2e7714b3f8',
    contentHash: contentHash(sets),
    protocolNumber: '0000123/2026',
    levels: levels(locale),
    sets,
  };
}
