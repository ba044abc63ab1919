import { useCallback, useRef, useState } from 'react';

export type Chosen<Row> = {
  /** the rows chosen so far, also those of other pages */
  rows: ReadonlyMap<string, Row>;
  has: (row: Row) => boolean;
  /** with `range`, everything between the last row touched and this one takes its new state */
  toggle: (row: Row, range: boolean) => void;
  put: (rows: readonly Row[], chosen: boolean) => void;
  clear: () => void;
};

/** Rows chosen by the person; the choice survives paging and filtering. `shown` are the rows in the order of the page. */
export const useSelection = <Row>(shown: readonly Row[], keyOf: (row: Row) => string): Chosen<Row> => {
  const [rows, setRows] = useState<ReadonlyMap<string, Row>>(new Map());
  const anchor = useRef<string | null>(null);
  const put = useCallback(
    (changed: readonly Row[], chosen: boolean) =>
      setRows((now) => {
        const next = new Map(now);
        for (const row of changed) {
          if (chosen) next.set(keyOf(row), row);
          else next.delete(keyOf(row));
        }
        return next;
      }),
    [keyOf],
  );
  const toggle = (row: Row, range: boolean) => {
    const [from, to] = [shown.findIndex((each) => keyOf(each) === anchor.current), shown.findIndex((each) => keyOf(each) === keyOf(row))];
    const touched = range && from >= 0 ? shown.slice(Math.min(from, to), Math.max(from, to) + 1) : [row];
    put(touched, !rows.has(keyOf(row)));
    anchor.current = keyOf(row);
  };
  return { rows, has: (row) => rows.has(keyOf(row)), toggle, put, clear: useCallback(() => setRows(new Map()), []) };
};
