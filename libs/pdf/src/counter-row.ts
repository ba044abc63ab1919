import { baselineOf, heightOf, type AccessibleDocument, type Structure, type TextStyle } from './accessible-document.js';
import { codeWidth, gutter, type Column, type Columns, type Counter } from './counter-columns.js';
import { displayNumber } from './display.js';
import type { ReportMessages } from './report-messages.js';
import type { AutonomyLevel, CounterFigures, PartFigures, ReportLocale, ReportSet, RequirementLine } from './report-model.js';
import { colors, contentWidth, page } from './report-page.js';

export interface CounterTable {
  set: ReportSet;
  counter: Counter;
  levels: AutonomyLevel[];
  locale: ReportLocale;
  messages: ReportMessages;
}

/** The sign beside figures that were not compared with the official text. */
export const verifySign = '†';

const cell = {
  code: { face: 'regular', size: 6.8, color: colors.quiet, leading: 10.4 },
  label: { face: 'semibold', size: 8.3, color: colors.ink, leading: 10.4 },
  description: { face: 'regular', size: 7.4, color: colors.quiet, leading: 9.4 },
  unit: { face: 'regular', size: 7, color: colors.quiet, leading: 8.6 },
  figure: { face: 'regular', size: 8.6, color: colors.text, leading: 10.4, align: 'right' },
  strong: { face: 'bold', size: 8.8, color: colors.ink, leading: 10.4, align: 'right' },
  part: { face: 'regular', size: 7.4, color: colors.text, leading: 9.6 },
} as const satisfies Record<string, TextStyle>;
const padding = 4;
const stateColors = { met: colors.done, 'in-progress': colors.quiet, 'to-attest': colors.warning } as const;

/** A requirement laid out for the columns of a table. */
export interface Row {
  requirement: RequirementLine;
  figures: CounterFigures;
  label: string[];
  description: string[];
  unit: string[];
  parts: { figures: PartFigures; lines: string[]; height: number }[];
  mainHeight: number;
  height: number;
}

/** Breaks the texts of a requirement into lines and measures the row. */
export function layRow(
  document: AccessibleDocument,
  columns: Columns,
  requirement: RequirementLine,
  { counter, locale, messages }: CounterTable,
): Row {
  const figures = requirement[counter];
  const labelWidth = columns.requirement.width - codeWidth - 2 * gutter;
  const explained = requirement.notApplicable
    ? messages.notApplicableAct(requirement.notApplicable.act, requirement.notApplicable.reason)
    : requirement.description;
  const label = document.linesOf(
    requirement.verify ? `${requirement.label}\u00a0${verifySign}` : requirement.label,
    labelWidth,
    cell.label,
  );
  const description = explained ? document.linesOf(explained, columns.description.width - 2 * gutter, cell.description) : [];
  const unit = requirement.minimum ? document.linesOf(requirement.minimum.unit, columns.minimum.width - 2 * gutter, cell.unit) : [];
  const parts = (requirement.notApplicable ? [] : figures.parts).map((part) => {
    const lines = document.linesOf(partWords(part, locale, messages), labelWidth + columns.description.width - gutter, partStyle(part));
    return { figures: part, lines, height: heightOf(lines.length, cell.part) + 1 };
  });
  const state = requirement.notApplicable || figures.state ? heightOf(1, cell.unit) : 0;
  const content = Math.max(
    heightOf(label.length, cell.label),
    heightOf(description.length, cell.description),
    heightOf(1, cell.figure) + heightOf(unit.length, cell.unit),
    (figures.percent === null || requirement.notApplicable ? 0 : heightOf(1, cell.strong)) + state,
  );
  const mainHeight = padding + content + (parts.length > 0 ? 1 : padding);
  const partsHeight = parts.reduce((sum, part) => sum + part.height, 0);
  return {
    requirement,
    figures,
    label,
    description,
    unit,
    parts,
    mainHeight,
    height: mainHeight + partsHeight + (parts.length > 0 ? padding : 0),
  };
}

/** A part in words; what fails says its own numbers. */
function partWords({ label, number, minimum, unit, met }: PartFigures, locale: ReportLocale, messages: ReportMessages): string {
  if (met !== false || minimum === null) return label;
  return `${label} ${messages.partOf(displayNumber(number, locale), displayNumber(minimum, locale))}${unit ? ` ${unit}` : ''}`;
}
const partStyle = ({ met }: PartFigures): TextStyle =>
  met !== false ? cell.part : { ...cell.part, face: 'semibold', color: colors.warning };

/** Draws a row and the lines of its parts at the top `y`. */
export function drawRow(
  document: AccessibleDocument,
  body: Structure,
  columns: Columns,
  row: Row,
  y: number,
  index: number,
  table: CounterTable,
): void {
  document.artifact(() => {
    if (index % 2 === 1) document.box(page.left, y, contentWidth, row.height, colors.zebra);
    document.box(page.left, y + row.height - 0.5, contentWidth, 0.5, colors.faintRule);
  });
  drawMain(document, document.group(body, 'TR'), columns, row, y + padding, table);
  let top = y + row.mainHeight;
  for (const part of row.parts) {
    drawPart(document, document.group(body, 'TR'), columns, part, top, table.locale);
    top += part.height;
  }
}

function drawMain(
  document: AccessibleDocument,
  tr: Structure,
  columns: Columns,
  row: Row,
  y: number,
  { levels, locale, messages }: CounterTable,
): void {
  const { requirement, figures } = row;
  const left = page.left + gutter;
  document.tag(
    tr,
    'TH',
    () => {
      document.write([requirement.id], left, y + baselineOf(cell.label) - baselineOf(cell.code), codeWidth, cell.code);
      document.write(row.label, left + codeWidth, y, columns.requirement.width, cell.label);
    },
    { scope: 'Row' },
  );
  const into = (column: Column, draw: (x: number, width: number) => void) =>
    document.tag(tr, 'TD', () => draw(column.x + gutter, column.width - 2 * gutter));
  const figure = (column: Column, text: string, style: TextStyle = cell.figure) =>
    into(column, (x, width) => document.write([text], x, y, width, style));
  const descriptionTop = y + baselineOf(cell.label) - baselineOf(cell.description);
  into(columns.description, (x, width) => {
    const personal = requirement.notApplicable !== undefined;
    if (row.description.length > 0) document.write(row.description, x, descriptionTop, width, { ...cell.description, personal });
  });
  into(columns.minimum, (x, width) => drawMinimum(document, row, x, y, width, locale, messages));
  if (requirement.notApplicable) {
    figure(columns.number, messages.none);
    into(columns.percentage, (x, width) => drawState(document, messages.notApplicable, colors.quiet, x, alone(y), width));
    for (const column of columns.levels) figure(column, messages.none);
    return;
  }
  figure(columns.number, figures.number === null ? messages.none : displayNumber(figures.number, locale), cell.strong);
  into(columns.percentage, (x, width) => drawCompletion(document, figures, x, y, width, messages));
  const counted = new Map(figures.levels.map(({ level, n }) => [level, n]));
  columns.levels.forEach((column, index) => {
    const n = counted.get(levels[index]!.key);
    figure(column, n === undefined ? messages.none : displayNumber(n, locale));
  });
}

function drawMinimum(
  document: AccessibleDocument,
  row: Row,
  x: number,
  y: number,
  width: number,
  locale: ReportLocale,
  messages: ReportMessages,
): void {
  const { minimum } = row.requirement;
  const used = document.write([minimum ? displayNumber(minimum.amount, locale) : messages.none], x, y, width, cell.figure);
  if (row.unit.length > 0) document.write(row.unit, x, y + used, width, { ...cell.unit, align: 'right' });
}

function drawCompletion(
  document: AccessibleDocument,
  figures: CounterFigures,
  x: number,
  y: number,
  width: number,
  messages: ReportMessages,
): void {
  const { percent, state } = figures;
  const color = state === null ? colors.ink : stateColors[state];
  if (percent === null && state === null) document.write([messages.none], x, y, width, cell.figure);
  const style = state === 'met' ? { ...cell.strong, color } : cell.strong;
  const used = percent === null ? 0 : document.write([`${percent}%`], x, y, width, style);
  if (state !== null) drawState(document, messages.states[state], color, x, percent === null ? alone(y) : y + used, width);
}

/** Where a state word without a percentage above it stands on the line of the label. */
const alone = (y: number) => y + baselineOf(cell.label) - baselineOf(cell.unit);

function drawState(document: AccessibleDocument, word: string, color: string, x: number, y: number, width: number): void {
  document.write([word], x, y, width, { ...cell.unit, face: 'semibold', color, align: 'right' });
}

function drawPart(
  document: AccessibleDocument,
  tr: Structure,
  columns: Columns,
  part: Row['parts'][number],
  y: number,
  locale: ReportLocale,
): void {
  const { requirement, minimum, number } = columns;
  const left = requirement.x + gutter + codeWidth + 8;
  document.tag(
    tr,
    'TH',
    () => document.write(part.lines, left, y, requirement.width + columns.description.width, partStyle(part.figures)),
    { scope: 'Row' },
  );
  const style: TextStyle = { ...cell.part, align: 'right' };
  const at = (column: Column, text: string) =>
    document.tag(tr, 'TD', () => document.write([text], column.x + gutter, y, column.width - 2 * gutter, style));
  tr.add(document.struct('TD', {}, []));
  if (part.figures.minimum === null) tr.add(document.struct('TD', {}, []));
  else at(minimum, displayNumber(part.figures.minimum, locale));
  at(number, displayNumber(part.figures.number, locale));
  for (let rest = 0; rest < columns.levels.length + 1; rest += 1) tr.add(document.struct('TD', {}, []));
}
