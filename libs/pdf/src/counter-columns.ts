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
  headHeight: number;
}

export const gutter = 5;
export const codeWidth = 58;
export const headStyle: TextStyle = { face: 'semibold', size: 7, color: '#ffffff', leading: 8.6 };

const fixed = { minimum: 70, number: 62, percentage: 58 };
const levelsShare = 232;
const widestLevel = 60;
const narrowestLevel = 38;
const requirementShare = 0.6;

/** Lays the columns out for the university's own number of levels; the two wordy columns share what is left. */
export function layColumns(document: AccessibleDocument, counter: Counter, levels: AutonomyLevel[], messages: ReportMessages): Columns {
  const level = Math.min(widestLevel, Math.max(narrowestLevel, levelsShare / Math.max(1, levels.length)));
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
  const each = levels.map(({ name }) => column(level, columns.level(name), 'right'));
  const all = [requirement, description, minimum, number, percentage, ...each];
  const tallest = Math.max(...all.map(({ title }) => title.length));
  return { requirement, description, minimum, number, percentage, levels: each, all, headHeight: tallest * headStyle.leading! + 10 };
}

/** Draws the head of the table; `cell` wraps each title, as header cell or as part of an artifact. */
export function drawHead(document: AccessibleDocument, columns: Columns, y: number, cell: (draw: () => void) => void): void {
  for (const { x, width, title, align } of columns.all) {
    const top = y + columns.headHeight - 5 - title.length * headStyle.leading!;
    cell(() => document.write(title, x + gutter, top, width - 2 * gutter, { ...headStyle, align }));
  }
}

export const drawHeadGround = (document: AccessibleDocument, columns: Columns, y: number) =>
  document.box(page.left, y, contentWidth, columns.headHeight, colors.ink);
