import { AXES, type Axis, CODE_TEXT, patientDataIn } from '@ateneo/contracts';
import { MOST_FIELDS } from './csv-fields.rules.js';
import { AXIS_COLUMNS, type Column } from './import-columns.rules.js';

/** A row as it stands in the file, values read but nothing looked up. */
export type ImportRow = {
  readonly externalId: string;
  readonly studentNumber: string;
  readonly kind: 'professional' | 'non-professional' | 'past';
  readonly period: boolean;
  readonly performedFrom: string;
  readonly performedTo: string;
  readonly activities: readonly string[];
  readonly unit: string | null;
  readonly quantity: number;
  readonly autonomy: string | null;
  readonly classified: Readonly<Partial<Record<Axis, string>>>;
  readonly simulated: boolean;
  readonly credits: number | null;
  readonly creditedTo: string | null;
  readonly state: 'draft' | 'submitted' | 'validated';
  readonly validator: string | null;
  readonly note: string;
};

/** Why a row does not stand: `detail` says what would do, and never repeats a cell that may name a person. */
export class RowProblem {
  constructor(
    readonly column: Column | null,
    readonly code: string,
    readonly detail: string | null = null,
  ) {}
}

const KINDS = ['professional', 'non-professional', 'past'] as const;
const STATES = ['draft', 'submitted', 'validated'] as const;
const BOOLEANS: Readonly<Record<string, boolean>> = { true: true, sì: true, si: true, '1': true, false: false, no: false, '0': false };
const MOST_ACTIVITIES = 12;
const MOST_CREDITS = 400;

/** `YYYY-MM-DD` of a day written so or as DD/MM/YYYY; undefined where there is no such day. */
export function dayFrom(text: string): string | undefined {
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text) ?? [];
  const [, d, m, y] = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(text) ?? [];
  const iso =
    year !== undefined ? `${year}-${month}-${day}` : y !== undefined ? `${y}-${m?.padStart(2, '0')}-${d?.padStart(2, '0')}` : undefined;
  if (iso === undefined || Number.isNaN(Date.parse(`${iso}T00:00:00Z`))) return undefined;
  return new Date(`${iso}T00:00:00Z`).toISOString().slice(0, 10) === iso ? iso : undefined;
}

/** Leading zeros and blanks do not tell student numbers apart. */
export const canonicalNumber = (text: string): string =>
  text
    .trim()
    .toLowerCase()
    .replace(/^0+(?=.)/, '');

/** Reads the cells of one row. */
export function readRow(cells: readonly string[], header: Readonly<Record<Column, number>>): ImportRow | RowProblem {
  if (cells.length !== Object.keys(header).length)
    return new RowProblem(
      null,
      'row-of-other-length',
      `${cells.length > MOST_FIELDS ? `> ${MOST_FIELDS}` : cells.length} / ${Object.keys(header).length}`,
    );
  try {
    return rowOf((column) => (cells[header[column]] as string).trim());
  } catch (problem) {
    if (problem instanceof RowProblem) return problem;
    throw problem;
  }
}

type Cell = (column: Column) => string;

function rowOf(cell: Cell): ImportRow {
  return {
    externalId: externalIdOf(cell),
    studentNumber: required(cell, 'student_number', 60),
    kind: oneOf(cell, 'kind', KINDS) ?? 'professional',
    ...daysOf(cell),
    activities: activitiesOf(cell),
    unit: text(cell, 'unit', 200),
    quantity: quantityOf(cell),
    autonomy: text(cell, 'autonomy', 80),
    classified: Object.fromEntries(AXES.flatMap((axis) => present(axis, codeOf(cell, AXIS_COLUMNS[axis], 80)))),
    simulated: booleanOf(cell, 'simulated'),
    credits: creditsOf(cell),
    creditedTo: text(cell, 'credited_to', 80),
    state: oneOf(cell, 'state', STATES) ?? 'draft',
    validator: text(cell, 'validator', 200),
    note: text(cell, 'note', 2000) ?? '',
  };
}

const present = <K extends string>(key: K, value: string | null): [K, string][] => (value === null ? [] : [[key, value]]);

function text(cell: Cell, column: Column, most: number): string | null {
  const value = cell(column);
  if (value.length > most) throw new RowProblem(column, 'value-too-long', String(most));
  return value === '' ? null : value;
}

function required(cell: Cell, column: Column, most: number): string {
  const value = text(cell, column, most);
  if (value === null) throw new RowProblem(column, 'value-missing');
  return value;
}

/** Names the row in the other system: a code, so that nobody's name and nothing of a patient stands in it by design. */
function externalIdOf(cell: Cell): string {
  const value = required(cell, 'external_id', 120);
  if (!CODE_TEXT.test(value) || patientDataIn(value.replace(/[._:/+-]/g, ' ')) === 'tax-code')
    throw new RowProblem('external_id', 'external-id-not-a-code', 'A-Z a-z 0-9 . _ : / + -');
  return value;
}

/** A value of the catalogue, or a role of the scale by its name. */
function codeOf(cell: Cell, column: Column, most: number): string | null {
  const value = text(cell, column, most);
  if (value !== null && column !== 'surgical_role' && !CODE_TEXT.test(value)) throw new RowProblem(column, 'value-not-a-code');
  return value;
}

function oneOf<const T extends string>(cell: Cell, column: Column, values: readonly T[]): T | undefined {
  const value = cell(column).toLowerCase();
  if (value === '') return undefined;
  const found = values.find((one) => one === value);
  if (found === undefined) throw new RowProblem(column, 'value-unknown', values.join(' | '));
  return found;
}

function day(cell: Cell, column: Column): string | null {
  const value = cell(column);
  if (value === '') return null;
  const found = dayFrom(value);
  if (found === undefined) throw new RowProblem(column, 'date-unreadable', 'YYYY-MM-DD | DD/MM/YYYY');
  return found;
}

/** An act has one day, a period two. */
function daysOf(cell: Cell): Pick<ImportRow, 'period' | 'performedFrom' | 'performedTo'> {
  const [on, from, to] = [day(cell, 'performed_on'), day(cell, 'period_from'), day(cell, 'period_to')];
  if (on !== null && (from !== null || to !== null)) throw new RowProblem('performed_on', 'dates-of-act-and-period');
  if (on !== null) return { period: false, performedFrom: on, performedTo: on };
  if (from === null && to === null) throw new RowProblem('performed_on', 'date-missing');
  if (from === null || to === null) throw new RowProblem(from === null ? 'period_from' : 'period_to', 'date-missing');
  return { period: true, performedFrom: from, performedTo: to };
}

function activitiesOf(cell: Cell): string[] {
  const codes = required(cell, 'activities', 1000)
    .split('|')
    .map((code) => code.trim())
    .filter(Boolean);
  if (codes.length === 0) throw new RowProblem('activities', 'value-missing');
  if (codes.length > MOST_ACTIVITIES) throw new RowProblem('activities', 'too-many-activities', String(MOST_ACTIVITIES));
  return codes;
}

function quantityOf(cell: Cell): number {
  const value = cell('quantity');
  if (value === '') return 1;
  if (!/^-?\d{1,9}$/.test(value)) throw new RowProblem('quantity', 'number-unreadable', '1, 2, 3, …');
  return Number(value);
}

function creditsOf(cell: Cell): number | null {
  const value = cell('credits');
  if (value === '') return null;
  if (!/^-?\d{1,6}(?:[.,]\d{1,4})?$/.test(value)) throw new RowProblem('credits', 'number-unreadable', '1.5 | 1,5');
  const credits = Number(value.replace(',', '.'));
  if (credits < 0 || credits > MOST_CREDITS || !Number.isInteger(credits * 4))
    throw new RowProblem('credits', 'credits-out-of-range', `0 - ${MOST_CREDITS}, 0.25`);
  return credits;
}

function booleanOf(cell: Cell, column: Column): boolean {
  const value = cell(column).toLowerCase();
  if (value === '') return false;
  const found = BOOLEANS[value];
  if (found === undefined) throw new RowProblem(column, 'value-unknown', 'true | false | sì | no | 1 | 0');
  return found;
}
