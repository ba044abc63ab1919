import type { Axis } from '@ateneo/contracts';

/** Columns of the file, in any order; docs/import.md says what each may hold. */
export const COLUMNS = [
  'external_id',
  'student_number',
  'kind',
  'performed_on',
  'activities',
  'unit',
  'quantity',
  'autonomy',
  'surgical_role',
  'participation',
  'setting',
  'purpose',
  'diagnosis',
  'procedure',
  'simulated',
  'period_from',
  'period_to',
  'credits',
  'credited_to',
  'state',
  'validator',
  'note',
] as const;
export type Column = (typeof COLUMNS)[number];

export const AXIS_COLUMNS: Readonly<Record<Axis, Column>> = {
  'surgical-role': 'surgical_role',
  participation: 'participation',
  setting: 'setting',
  purpose: 'purpose',
  diagnosis: 'diagnosis',
  procedure: 'procedure',
};

/** The column that holds what a refusal of the logbook calls a field. */
const OF_FIELD: Readonly<Record<string, Column>> = {
  kind: 'kind',
  performedOn: 'performed_on',
  periodFrom: 'period_from',
  periodTo: 'period_to',
  activities: 'activities',
  unitId: 'unit',
  quantity: 'quantity',
  autonomy: 'autonomy',
  credits: 'credits',
  creditedTo: 'credited_to',
  note: 'note',
};

export function columnOfField(field: unknown): Column | null {
  if (typeof field !== 'string') return null;
  const [name = '', axis = ''] = field.split('/');
  return name === 'classified' ? (AXIS_COLUMNS[axis as Axis] ?? null) : (OF_FIELD[name] ?? null);
}

/** The delimiter that the header line uses: what stands more often outside quotes. */
export function delimiterOf(text: string): ',' | ';' {
  const bare = (text.split(/\r?\n|\r/, 1)[0] ?? '').replace(/"(?:[^"]|"")*"/g, '');
  return bare.split(';').length > bare.split(',').length ? ';' : ',';
}

/** Where each column stands in a record, or what is wrong with the header: ours by name, others by their place. */
export function readHeader(cells: readonly string[]): Readonly<Record<Column, number>> | { readonly problem: string } {
  const names = cells.map((cell) => cell.trim().toLowerCase());
  const missing = COLUMNS.filter((column) => !names.includes(column));
  // by its place: what stands there may be a row of somebody's data
  const unknown = names.flatMap((name, i) => ((COLUMNS as readonly string[]).includes(name) ? [] : [`#${i + 1}`]));
  const repeated = COLUMNS.filter((column) => names.indexOf(column) !== names.lastIndexOf(column));
  const problems = [...named('columns-missing', missing), ...named('columns-unknown', unknown), ...named('columns-repeated', repeated)];
  if (problems.length > 0) return { problem: problems.join('; ') };
  return Object.fromEntries(COLUMNS.map((column) => [column, names.indexOf(column)])) as Record<Column, number>;
}

const named = (code: string, columns: readonly string[]): string[] =>
  columns.length > 0 ? [`${code}: ${columns.slice(0, 30).join(', ')}`] : [];
