import type { ReportLocale, RequirementState } from './report-model.js';

export interface ReportMessages {
  language: string;
  title: string;
  subtitle: string;
  identity: {
    trainee: string;
    studentNumber: string;
    cohort: string;
    trainingYear: string;
    generatedAt: string;
    requestedBy: string;
    protocolNumber: string;
    notRegistered: string;
    contentHash: string;
  };
  verification: { title: string; how: string; code: string; qr: (url: string) => string };
  summary: { title: string; set: string; act: string; provisional: string; definitive: string; attestations: string };
  noMissingAttestations: string;
  missingAttestations: (labels: string[]) => string;
  missingCount: (count: number) => string;
  setTitle: { core: string; supplement: string };
  version: (act: string, version: string) => string;
  track: (label: string) => string;
  trackMissing: string;
  counters: { title: string; provisional: string; definitive: string; percentage: string };
  tables: { provisional: string; definitive: string };
  columns: {
    requirement: string;
    description: string;
    minimum: string;
    number: { provisional: string; definitive: string };
    percentage: string;
    levels: string;
  };
  setPercentage: (percent: number | null) => string;
  states: Record<RequirementState, string>;
  notApplicable: string;
  notApplicableAct: (act: string, reason?: string) => string;
  none: string;
  /** 12 di 30 */
  partOf: (number: string, minimum: string) => string;
  legend: { title: string; intro: string };
  notes: { verify: (sign: string) => string; none: (sign: string) => string };
  continued: (table: string, set: string) => string;
  printCopy: { stamp: string; title: (reports: number) => string };
  running: { code: string; page: (page: number, pages: number) => string };
}

const it: ReportMessages = {
  language: 'it-IT',
  title: 'Report dei requisiti assistenziali minimi',
  subtitle: 'Libretto-diario della formazione specialistica',
  identity: {
    trainee: 'Specializzando',
    studentNumber: 'Matricola',
    cohort: 'Coorte',
    trainingYear: 'Anno di corso',
    generatedAt: 'Generato il',
    requestedBy: 'Richiesto da',
    protocolNumber: 'Numero di protocollo',
    notRegistered: 'non protocollato',
    contentHash: 'Impronta dei dati (SHA-256)',
  },
  verification: {
    title: 'Verifica del documento',
    how: 'Inquadri il codice QR oppure apra la pagina e inserisca il codice del report.',
    code: 'Codice del report',
    qr: (url) => `Codice QR che apre la pagina di verifica del documento: ${url}`,
  },
  summary: {
    title: 'Quadro di sintesi',
    set: 'Requisiti',
    act: 'Atto e versione',
    provisional: 'Provvisorio',
    definitive: 'Definitivo',
    attestations: 'Attestazioni',
  },
  noMissingAttestations: 'Nessuna attestazione mancante.',
  missingAttestations: (labels) => `Attestazioni mancanti: ${labels.join('; ')}.`,
  missingCount: (count) => (count === 0 ? 'nessuna mancante' : count === 1 ? '1 mancante' : `${count} mancanti`),
  setTitle: { core: 'Requisiti della scuola', supplement: 'Requisiti integrativi' },
  version: (act, version) => `${act}, versione ${version}`,
  track: (label) => `Percorso scelto: ${label}.`,
  trackMissing:
    'Il percorso elettivo non è stato ancora scelto: sono riportate le sole voci comuni e i requisiti non possono risultare raggiunti.',
  counters: {
    title: 'I due contatori',
    provisional: 'Provvisorio: attività inviate, comprese le convalidate. Può cambiare finché il tutor non si è espresso.',
    definitive: 'Definitivo: sole attività convalidate.',
    percentage:
      'La percentuale è arrotondata per difetto: il 100% compare soltanto quando la regola del requisito è rispettata per intero, parti comprese. Le bozze e le attività rifiutate non contano.',
  },
  tables: { provisional: 'Contatori provvisori', definitive: 'Contatori definitivi' },
  columns: {
    requirement: 'Requisito',
    description: 'Descrizione',
    minimum: 'Requisito minimo',
    number: { provisional: 'Attività inviate, comprese le convalidate', definitive: 'Attività convalidate' },
    percentage: 'Completamento',
    levels: 'Attività per livello di autonomia',
  },
  setPercentage: (percent) =>
    percent === null
      ? 'Per questi requisiti non è prevista una percentuale complessiva.'
      : `Completamento complessivo: ${percent}% (media dei requisiti numerici applicabili).`,
  states: { met: 'raggiunto', 'in-progress': 'in corso', 'to-attest': 'da attestare' },
  notApplicable: 'non applicabile',
  notApplicableAct: (act, reason) => `Non applicabile (${act})${reason ? `: ${reason}` : ''}.`,
  none: '–',
  partOf: (number, minimum) => `${number} di ${minimum}`,
  legend: {
    title: 'Livelli di autonomia',
    intro: 'Per le attività convalidate vale il livello certificato dal tutor, per quelle inviate il livello dichiarato.',
  },
  notes: {
    verify: (sign) => `${sign} Requisito da confrontare con il testo ufficiale dell’atto: il dato proviene da una trascrizione.`,
    none: (sign) => `${sign} La voce non prevede un numero.`,
  },
  continued: (table, set) => `${table} – ${set} (segue)`,
  printCopy: {
    stamp: 'Copia per la stampa: fa fede il documento originale, verificabile con il codice del report',
    title: (reports) => (reports === 1 ? 'Copia per la stampa di un report' : `Copia per la stampa di ${reports} report`),
  },
  running: { code: 'Codice', page: (page, pages) => `pagina ${page} di ${pages}` },
};

const en: ReportMessages = {
  language: 'en-GB',
  title: 'Report on the minimum care requirements',
  subtitle: 'Logbook of specialist medical training',
  identity: {
    trainee: 'Trainee',
    studentNumber: 'Student number',
    cohort: 'Cohort',
    trainingYear: 'Training year',
    generatedAt: 'Generated on',
    requestedBy: 'Requested by',
    protocolNumber: 'Protocol number',
    notRegistered: 'not registered',
    contentHash: 'Fingerprint of the data (SHA-256)',
  },
  verification: {
    title: 'Check this document',
    how: 'Scan the QR code, or open the page and enter the report code.',
    code: 'Report code',
    qr: (url) => `QR code that opens the page where this document is checked: ${url}`,
  },
  summary: {
    title: 'At a glance',
    set: 'Requirements',
    act: 'Act and version',
    provisional: 'Provisional',
    definitive: 'Definitive',
    attestations: 'Attestations',
  },
  noMissingAttestations: 'No attestation is missing.',
  missingAttestations: (labels) => `Missing attestations: ${labels.join('; ')}.`,
  missingCount: (count) => (count === 0 ? 'none missing' : `${count} missing`),
  setTitle: { core: 'Requirements of the school', supplement: 'Supplementary requirements' },
  version: (act, version) => `${act}, version ${version}`,
  track: (label) => `Chosen track: ${label}.`,
  trackMissing: 'The elective track has not been chosen yet: only the common items are shown, and the requirements cannot be met.',
  counters: {
    title: 'The two counters',
    provisional: 'Provisional: activities submitted, validated ones included. It may change until the tutor has decided.',
    definitive: 'Definitive: validated activities only.',
    percentage:
      'Percentages are rounded down: 100% appears only when the rule of a requirement is met in full, its parts included. Drafts and rejected activities never count.',
  },
  tables: { provisional: 'Provisional counters', definitive: 'Definitive counters' },
  columns: {
    requirement: 'Requirement',
    description: 'Description',
    minimum: 'Minimum',
    number: { provisional: 'Activities submitted, validated included', definitive: 'Activities validated' },
    percentage: 'Completion',
    levels: 'Activities by autonomy level',
  },
  setPercentage: (percent) =>
    percent === null
      ? 'These requirements have no overall percentage.'
      : `Overall completion: ${percent}% (mean of the applicable numeric requirements).`,
  states: { met: 'met', 'in-progress': 'in progress', 'to-attest': 'to be attested' },
  notApplicable: 'not applicable',
  notApplicableAct: (act, reason) => `Not applicable (${act})${reason ? `: ${reason}` : ''}.`,
  none: '–',
  partOf: (number, minimum) => `${number} of ${minimum}`,
  legend: {
    title: 'Autonomy levels',
    intro: 'Validated activities carry the level certified by the tutor, submitted ones the level claimed.',
  },
  notes: {
    verify: (sign) => `${sign} Requirement to be compared with the official text of the act: it comes from a transcription.`,
    none: (sign) => `${sign} The item has no number.`,
  },
  continued: (table, set) => `${table} – ${set} (continued)`,
  printCopy: {
    stamp: 'Print copy: the original document prevails and can be checked with the report code',
    title: (reports) => (reports === 1 ? 'Print copy of one report' : `Print copy of ${reports} reports`),
  },
  running: { code: 'Code', page: (page, pages) => `page ${page} of ${pages}` },
};

/** The fixed texts of a report. */
export const reportMessages: Record<ReportLocale, ReportMessages> = { it, en };
