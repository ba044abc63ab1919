import type { AccessibleDocument, TextStyle } from './accessible-document.js';
import type { ReportMessages } from './report-messages.js';
import type { AutonomyLevel } from './report-model.js';
import { colors, contentWidth, page } from './report-page.js';

export type Counter = 'provisional' | 'definitive';

export interface Column {
  x: number;
  width: number;
  title: string[];
  align: 'left' | 'right';
}

export interface Columns {
  requirement: Column;
  description: Column;
  minimum: Column;
  number: Column;
  percentage: Column;
  levels: Column[];
  /** Left to right. */
  all: Column[];
  /** The title over the levels, and its height. */
  levelsTitle: string[];
  groupHeight: number;
  headHeight: number;
}

export const gutter = 5;
export const codeWidth = 58;
export const headStyle = { face: 'semibold', size: 7, color: '#ffffff', leading: 8.6 } as const satisfies TextStyle;
const headGrounds: Record<Counter, string> = { provisional: colors.provisional, definitive: colors.ink };

const fixed = { minimum: 70, number: 62, percentage: 58 };
const levelsShare = { few: 232, many: 280 };
const fewLevels = 4;
const widestLevel = 60;
const narrowestLevel = 38;
const requirementShare = 0.6;

/** Lays the columns out for the university's own number of levels; the two wordy columns share what is left. */
export function layColumns(document: AccessibleDocument, counter: Counter, levels: AutonomyLevel[], messages: ReportMessages): Columns {
  const levelsWidth = levels.length > fewLevels ? levelsShare.many : levelsShare.few;
  const level = Math.min(widestLevel, Math.max(narrowestLevel, levelsWidth / Math.max(1, levels.length)));
  const wordy = contentWidth - fixed.minimum - fixed.number - fixed.percentage - level * levels.length;
  const { columns } = messages;
  let x: number = page.left;
  const column = (width: number, title: string, align: 'left' | 'right'): Column => {
    const at = x;
    x += width;
    return { x: at, width, title: document.linesOf(title, width - 2 * gutter, headStyle), align };
  };
  const requirement = column(wordy * requirementShare, columns.requirement, 'left');
  const description = column(wordy * (1 - requirementShare), columns.description, 'left');
  const minimum = column(fixed.minimum, columns.minimum, 'right');
  const number = column(fixed.number, columns.number[counter], 'right');
  const percentage = column(fixed.percentage, columns.percentage, 'right');
  const each = levels.map(({ name }) => column(level, name, 'right'));
  const all = [requirement, description, minimum, number, percentage, ...each];
  const tallest = Math.max(...all.map(({ title }) => title.length));
  const levelsTitle = levels.length === 0 ? [] : document.linesOf(columns.levels, level * levels.length - 2 * gutter, headStyle);
  const groupHeight = levelsTitle.length === 0 ? 0 : levelsTitle.length * headStyle.leading + 5;
  const tallestLevel = Math.max(0, ...each.map(({ title }) => title.length));
  const headHeight = Math.max(tallest * headStyle.leading, tallestLevel * headStyle.leading + groupHeight + 2) + 10;
  return { requirement, description, minimum, number, percentage, levels: each, all, levelsTitle, groupHeight, headHeight };
}

/** A title of the head and where it stands among the two rows of it. */
export interface HeadCell {
  row: 0 | 1;
  span?: { ColSpan: number } | { RowSpan: number };
  draw: () => void;
}

/** The cells of a head at the top `y`, in reading order. */
export function headCells(document: AccessibleDocument, columns: Columns, y: number): HeadCell[] {
  const bottom = y + columns.headHeight - 5;
  const title = ({ x, width, title: lines, align }: Column) =>
    document.write(lines, x + gutter, bottom - lines.length * headStyle.leading, width - 2 * gutter, { ...headStyle, align });
  const levels = new Set(columns.levels);
  const plain = columns.all.filter((column) => !levels.has(column));
  const first = columns.levels[0];
  if (!first) return plain.map((column): HeadCell => ({ row: 0, draw: () => title(column) }));
  const width = first.width * columns.levels.length - 2 * gutter;
  const group = () => document.write(columns.levelsTitle, first.x + gutter, y + 5, width, { ...headStyle, align: 'center' });
  return [
    ...plain.map((column): HeadCell => ({ row: 0, span: { RowSpan: 2 }, draw: () => title(column) })),
    { row: 0, span: { ColSpan: columns.levels.length }, draw: group },
    ...columns.levels.map((column): HeadCell => ({ row: 1, draw: () => title(column) })),
  ];
}

/** The ground of a head and the line under the title of the levels. */
export function drawHeadGround(document: AccessibleDocument, columns: Columns, counter: Counter, y: number): void {
  document.box(page.left, y, contentWidth, columns.headHeight, headGrounds[counter]);
  const first = columns.levels[0];
  if (first) document.box(first.x + gutter, y + columns.groupHeight + 2, page.right - first.x - 2 * gutter, 0.5, colors.rule);
}
