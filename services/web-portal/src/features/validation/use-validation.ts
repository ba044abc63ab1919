import { useState } from 'react';
import { newId, type OutputOf } from '../../api/client.js';
import { useAct } from '../../api/hooks.js';
import { useKeptUndo } from './kept-undo.js';

export type SeenEntry = { entryId: string; revision: number };
type Result = OutputOf<'logbook.validate-entries'>['results'][number];
export type Refused = { entryId: string; code: string };

const refusedOf = (results: readonly Pick<Result, 'entryId' | 'ok' | 'code'>[]): Refused[] =>
  results.filter(({ ok }) => !ok).map(({ entryId, code = 'other' }) => ({ entryId, code }));

/** Validates exactly the rows seen, keeps what can be undone, and tells which rows were refused. */
export const useValidation = () => {
  const validate = useAct('logbook.validate-entries');
  const undo = useAct('logbook.undo-validations');
  const [undoable, keepUndoable] = useKeptUndo();
  const [refused, setRefused] = useState<readonly Refused[]>([]);
  const [undone, setUndone] = useState<{ reversed: number; left: number } | null>(null);
  const go = (entries: readonly SeenEntry[], onDone: () => void) =>
    validate.mutate(
      { batchId: newId(), entries: [...entries] },
      {
        onSuccess: ({ batchId, results, undoUntil }) => {
          const done = results.filter(({ ok }) => ok).map(({ entryId }) => entryId);
          if (done.length > 0) keepUndoable({ batchId, entryIds: done, until: undoUntil });
          setRefused(refusedOf(results));
          setUndone(null);
          onDone();
        },
      },
    );
  const takeBack = () => {
    if (!undoable) return;
    undo.mutate(
      { batchId: undoable.batchId, entryIds: [...undoable.entryIds] },
      {
        onSuccess: ({ reversed, results }) => {
          keepUndoable(null);
          setUndone({ reversed, left: results.length - reversed });
        },
      },
    );
  };
  return {
    go,
    takeBack,
    validate,
    undo,
    undoable,
    forget: () => keepUndoable(null),
    refused,
    dismissRefused: () => setRefused([]),
    undone,
  };
};
export type Validation = ReturnType<typeof useValidation>;
