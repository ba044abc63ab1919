import type { Structure } from './accessible-document.js';
import { drawHeadGround, headCells, layColumns, type Columns, type Counter } from './counter-columns.js';
import { drawRow, layRow, verifySign, type CounterTable } from './counter-row.js';
import { contentWidth, page, styles, type Flow } from './report-page.js';

/** Draws one of the two tables, with its head on every page. */
export function drawCounterTable(flow: Flow, parent: Structure, table: CounterTable): void {
  const { document } = flow;
  const columns = layColumns(document, table.counter, table.levels, table.messages);
  const rows = table.set.requirements.map((requirement) => layRow(document, columns, requirement, table));
  const structure = document.group(parent, 'Table');
  flow.reserve(columns.headHeight + (rows[0]?.height ?? 0));
  openTable(flow, structure, columns, table.counter);
  const body = document.group(structure, 'TBody');
  rows.forEach((row, index) => {
    if (flow.reserve(row.height)) repeatHead(flow, columns, table);
    drawRow(document, body, columns, row, flow.y, index, table);
    flow.y += row.height;
  });
  structure.end();
  drawNotes(flow, parent, table);
}

function drawNotes(flow: Flow, parent: Structure, { set, messages }: CounterTable): void {
  const notes = [messages.notes.none(messages.none)];
  if (set.requirements.some(({ verify }) => verify)) notes.unshift(messages.notes.verify(verifySign));
  flow.space(5);
  for (const note of notes) flow.paragraph(parent, 'P', note, styles.small);
}

/** The height that a heading keeps with it: the head and a first row. */
export const keptWithHeading = 96;

function openTable(flow: Flow, structure: Structure, columns: Columns, counter: Counter): void {
  const { document } = flow;
  document.artifact(() => drawHeadGround(document, columns, counter, flow.y));
  const head = document.group(structure, 'THead');
  const cells = headCells(document, columns, flow.y);
  for (const row of [0, 1]) {
    const of = cells.filter((each) => each.row === row);
    if (of.length === 0) continue;
    const tr = document.group(head, 'TR');
    for (const { draw, span } of of) document.tag(tr, 'TH', draw, { scope: 'Column', span });
  }
  flow.y += columns.headHeight;
}

function repeatHead(flow: Flow, columns: Columns, { set, counter, messages }: CounterTable): void {
  const { document } = flow;
  document.artifact(() => {
    flow.y += document.write([messages.continued(messages.tables[counter], set.id)], page.left, flow.y, contentWidth, styles.small) + 4;
    drawHeadGround(document, columns, counter, flow.y);
    for (const { draw } of headCells(document, columns, flow.y)) draw();
  }, 'Pagination');
  flow.y += columns.headHeight;
}
