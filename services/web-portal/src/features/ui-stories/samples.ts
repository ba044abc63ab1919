/** Made-up values for the story page. */
export const people = [
  { key: '1', name: 'Anna Bruni', n: 1250 },
  { key: '2', name: 'Carlo Dini', n: 7 },
];
export const registrations = Array.from({ length: 14 }, (_, index) => ({
  day: `2026-11-${String(index + 1).padStart(2, '0')}`,
  n: (index * 7) % 12,
}));
export const levels = [
  { key: 'support', label: { it: 'Attività di appoggio', en: 'Supporting activity' }, n: 12, rank: 1 },
  { key: 'guided', label: { it: 'Collaborazione guidata', en: 'Guided collaboration' }, n: 20, rank: 2 },
  { key: 'entrusted', label: { it: 'Attività affidata', en: 'Entrusted activity' }, n: 8, rank: 3 },
];
export const steps = [
  { key: '1', type: 'EntryRecorded', who: 'Anna Bruni', at: '2026-11-02T09:12:00Z' },
  { key: '2', type: 'EntrySubmitted', who: 'Anna Bruni', at: '2026-11-02T09:12:00Z' },
  { key: '3', type: 'EntryValidated', who: 'Carlo Dini', at: '2026-11-03T17:40:00Z' },
] as const;
