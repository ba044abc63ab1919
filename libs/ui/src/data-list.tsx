import type { ReactNode } from 'react';
import { Icon } from './icon.js';
import { useUiTexts } from './texts.js';

export type Column<Row> = {
  key: string;
  label: string;
  render: (row: Row) => ReactNode;
  /** the column that names the row */
  heading?: boolean;
  number?: boolean;
  /** can be sorted by; `onSort` gets this */
  sort?: string;
};
export type Sorting = { by: string; descending: boolean };
export type Selection<Row> = {
  has: (row: Row) => boolean;
  toggle: (row: Row, range: boolean) => void;
  toggleAll: () => void;
  all: boolean;
  nameOf: (row: Row) => string;
};

type DataListProps<Row> = {
  caption: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  keyOf: (row: Row) => string;
  sorting?: Sorting;
  onSort?: (sorting: Sorting) => void;
  selection?: Selection<Row>;
  dense?: boolean;
};

/** A table that turns into cards under 640 px; sorting and selection are the caller's. */
export const DataList = <Row,>({ caption, columns, rows, keyOf, sorting, onSort, selection, dense }: DataListProps<Row>) => {
  const texts = useUiTexts();
  return (
    <div className="at-table-wrap" tabIndex={0} role="region" aria-label={caption}>
      <table className={dense ? 'at-table at-table--cards at-table--dense' : 'at-table at-table--cards'}>
        <caption>{caption}</caption>
        <thead>
          <tr>
            {selection && (
              <th scope="col">
                <label className="at-check">
                  <input type="checkbox" checked={selection.all} onChange={selection.toggleAll} aria-label={texts.selectAll} />
                </label>
              </th>
            )}
            {columns.map((column) => (
              <ColumnHead key={column.key} column={column} sorting={sorting} onSort={onSort} />
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <DataRow key={keyOf(row)} row={row} columns={columns} selection={selection} />
          ))}
        </tbody>
      </table>
    </div>
  );
};

const ColumnHead = <Row,>({ column, sorting, onSort }: { column: Column<Row>; sorting?: Sorting; onSort?: (sorting: Sorting) => void }) => {
  const sorted = column.sort !== undefined && sorting?.by === column.sort;
  const direction = sorting?.descending ? 'descending' : 'ascending';
  const { sort } = column;
  return (
    <th scope="col" className={column.number ? 'at-table__number' : undefined} aria-sort={sorted ? direction : undefined}>
      {sort && onSort ? (
        <button
          type="button"
          className="at-table__sort"
          onClick={() => onSort({ by: sort, descending: sorted ? !sorting?.descending : Boolean(column.number) })}
        >
          {column.label}
          <Icon name={sorted ? 'chevron' : 'sort'} />
        </button>
      ) : (
        column.label
      )}
    </th>
  );
};

const DataRow = <Row,>({ row, columns, selection }: { row: Row; columns: readonly Column<Row>[]; selection?: Selection<Row> }) => {
  const texts = useUiTexts();
  const selected = selection?.has(row);
  return (
    <tr aria-selected={selected}>
      {selection && (
        <td>
          <label className="at-check">
            <input
              type="checkbox"
              checked={selected}
              aria-label={texts.selectRow(selection.nameOf(row))}
              onChange={(event) => selection.toggle(row, event.nativeEvent instanceof MouseEvent && event.nativeEvent.shiftKey)}
            />
          </label>
        </td>
      )}
      {columns.map((column) =>
        column.heading ? (
          <th key={column.key} scope="row">
            {column.render(row)}
          </th>
        ) : (
          <td key={column.key} className={column.number ? 'at-table__number' : undefined} data-label={column.label}>
            <span>{column.render(row)}</span>
          </td>
        ),
      )}
    </tr>
  );
};

/** The controls above a list; each is a field of its own. */
export const FilterBar = ({ children, label }: { children: ReactNode; label: string }) => (
  <div className="at-filters" role="search" aria-label={label}>
    {children}
  </div>
);
