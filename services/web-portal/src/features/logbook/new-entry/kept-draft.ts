import { useCallback, useState } from 'react';
import { isUntouched, type EntryDraft } from './entry-draft.js';

const keyOf = (personId: string): string => `ateneo.entry.${personId}`;
const isDraft = (value: unknown): value is EntryDraft =>
  typeof value === 'object' && value !== null && 'entryId' in value && 'activities' in value && 'classified' in value;

const read = (personId: string): EntryDraft | null => {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(keyOf(personId)) ?? 'null');
    return isDraft(kept) ? kept : null;
  } catch {
    return null;
  }
};

/** A draft that survives reload and a new sign-in; `clear` starts the next one. */
export const useKeptDraft = (personId: string, fresh: () => EntryDraft) => {
  const [draft, setDraft] = useState(() => read(personId) ?? fresh());
  const change = useCallback(
    (next: EntryDraft) => {
      setDraft(next);
      if (isUntouched(next)) localStorage.removeItem(keyOf(personId));
      else localStorage.setItem(keyOf(personId), JSON.stringify(next));
    },
    [personId],
  );
  const clear = useCallback(() => localStorage.removeItem(keyOf(personId)), [personId]);
  return { draft, change, clear };
};
