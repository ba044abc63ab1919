import type { EntryView } from '../logbook/entry-words.js';

export type WaitingGroup = { key: string; traineeId: string; trainee: string; day: string; entries: EntryView[] };

/** Entries by trainee and day, the latest day first; inside a day by trainee. */
export const groupsOf = (entries: readonly EntryView[]): WaitingGroup[] => {
  const groups = new Map<string, WaitingGroup>();
  for (const entry of entries) {
    const { traineeId, trainee, performedTo: day } = entry;
    const key = `${day} ${traineeId}`;
    const group = groups.get(key) ?? { key, traineeId, trainee, day, entries: [] };
    group.entries.push(entry);
    groups.set(key, group);
  }
  return [...groups.values()].toSorted((a, b) => (a.day === b.day ? a.trainee.localeCompare(b.trainee) : a.day < b.day ? 1 : -1));
};
