import type { Activity } from './requirement-set.js';

const of = (code: string, it: string, en: string): Activity => ({
  code,
  setId: 'NP',
  label: { it, en },
  kind: 'act',
  feeds: [],
  unit: 'activities',
  bulk: false,
  requires: [],
  simulationAllowed: false,
});

/** Formal teaching and other activities that feed no requirement (residency.md 69, B3.8). */
export const NON_PROFESSIONAL: readonly Activity[] = [
  of('NP/lezione', 'Lezione frontale', 'Lecture'),
  of('NP/seminario', 'Seminario', 'Seminar'),
  of('NP/journal-club', 'Journal club', 'Journal club'),
  of('NP/discussione-casi', 'Discussione di casi clinici', 'Case discussion'),
  of('NP/congresso', 'Congresso o corso', 'Congress or course'),
  of('NP/ricerca', 'Attività di ricerca', 'Research activity'),
];
