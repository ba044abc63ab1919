import { useState } from 'react';

/** A bulk validation that can still be undone. */
export type Undoable = { batchId: string; entryIds: readonly string[]; until: string };
const kept = 'ateneo.undoable';

const read = (): Undoable | null => {
  const found = sessionStorage.getItem(kept);
  const undoable = found === null ? null : (JSON.parse(found) as Undoable);
  return undoable && Date.parse(undoable.until) > Date.now() ? undoable : null;
};

/** The last own bulk validation, for as long as it can be undone; survives leaving the page and reloading. */
export const useKeptUndo = (): [Undoable | null, (next: Undoable | null) => void] => {
  const [undoable, setUndoable] = useState(read);
  const keep = (next: Undoable | null) => {
    if (next) sessionStorage.setItem(kept, JSON.stringify(next));
    else sessionStorage.removeItem(kept);
    setUndoable(next);
  };
  return [undoable, keep];
};
