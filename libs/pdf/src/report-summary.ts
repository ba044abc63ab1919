import { heightOf, type Structure, type TextStyle } from './accessible-document.js';
import type { ReportMessages } from './report-messages.js';
import type { AutonomyLevel, ReportModel, ReportSet } from './report-model.js';
import { colors, contentWidth, page, styles, type Flow } from './report-page.js';

const columns = [0.27, 0.31, 0.13, 0.13, 0.16];
const head: TextStyle = { ...styles.small, face: 'semibold', color: colors.quiet };

/** What the two counters mean, and each set on one line. */
export function drawSummary(flow: Flow, parent: Structure, model: ReportModel, messages: ReportMessages): void {
  const { document } = flow;
  flow.paragraph(parent, 'H2', messages.summary.title, styles.heading, 40);
  flow.space(3);
  const table = document.group(parent, 'Table');
  const { set, act, provisional, definitive, attestations } = messages.summary;
  drawLine(flow, document.group(document.group(table, 'THead'), 'TR'), [set, act, provisional, definitive, attestations], () => [
    'TH',
    'Column',
    head,
  ]);
  const body = document.group(table, 'TBody');
  for (const each of model.sets) {
    const cells = [
      `${messages.setTitle[each.mode]} (${each.id})`,
      messages.version(each.act, each.version),
      percentage(each.percent.provisional, messages),
      percentage(each.percent.definitive, messages),
      messages.missingCount(each.missingAttestations.length),
    ];
    drawLine(flow, document.group(body, 'TR'), cells, (index) =>
      index === 0
        ? ['TH', 'Row', styles.strong]
        : ['TD', undefined, index === 2 || index === 3 ? { ...styles.strong, size: 12, face: 'bold' } : styles.body],
    );
  }
  flow.space(10);
  flow.paragraph(parent, 'H2', messages.counters.title, styles.heading, 30);
  flow.space(2);
  for (const text of [messages.counters.provisional, messages.counters.definitive, messages.counters.percentage])
    flow.paragraph(parent, 'P', text, styles.body);
  flow.space(10);
}

const percentage = (percent: number | null, messages: ReportMessages) => (percent === null ? messages.none : `${percent}%`);

type CellLook = (index: number) => ['TH' | 'TD', 'Column' | 'Row' | undefined, TextStyle];

function drawLine(flow: Flow, tr: Structure, cells: string[], look: CellLook): void {
  const { document } = flow;
  const laid = cells.map((text, index) => {
    const [type, scope, style] = look(index);
    const width = columns[index]! * contentWidth - 10;
    return { type, scope, style, width, lines: document.linesOf(text, width, style) };
  });
  const height = Math.max(...laid.map(({ lines, style }) => heightOf(lines.length, style))) + 4;
  flow.reserve(height);
  let x: number = page.left;
  for (const { type, scope, style, width, lines } of laid) {
    const top = flow.y + (height - heightOf(lines.length, style)) / 2;
    document.tag(tr, type, () => document.write(lines, x, top, width, style), { scope });
    x += width + 10;
  }
  flow.y += height;
  document.artifact(() => document.box(page.left, flow.y - 0.5, contentWidth, 0.5, colors.rule));
}

/** The heading of a set, what is missing from it and the notes that belong to it. */
export function drawSetHead(flow: Flow, parent: Structure, set: ReportSet, messages: ReportMessages, keep: number): void {
  flow.paragraph(parent, 'H2', `${messages.setTitle[set.mode]} – ${set.id}`, styles.heading, keep + 30);
  flow.paragraph(parent, 'P', messages.version(set.act, set.version), styles.subtitle);
  if (set.note) flow.paragraph(parent, 'P', set.note, styles.body);
  if (set.track === 'missing') drawWarning(flow, parent, messages.trackMissing);
  else if (set.track) flow.paragraph(parent, 'P', messages.track(set.track.chosen), styles.body);
  const missing = set.missingAttestations;
  flow.paragraph(parent, 'P', missing.length === 0 ? messages.noMissingAttestations : messages.missingAttestations(missing), styles.body);
  flow.space(8);
}

function drawWarning(flow: Flow, parent: Structure, text: string): void {
  const { document } = flow;
  const style = { ...styles.strong, color: colors.warning };
  const lines = document.linesOf(text, contentWidth - 20, style);
  const height = lines.length * style.size * 1.3 + 8;
  flow.space(3);
  flow.reserve(height);
  document.artifact(() => {
    document.box(page.left, flow.y, contentWidth, height, colors.warningTint);
    document.box(page.left, flow.y, 3, height, colors.warning);
  });
  document.tag(parent, 'P', () => document.write(lines, page.left + 12, flow.y + 4, contentWidth - 20, style));
  flow.y += height + 4;
}

/** The university's own levels with their descriptions. */
export function drawLegend(flow: Flow, parent: Structure, levels: AutonomyLevel[], messages: ReportMessages): void {
  const { document } = flow;
  flow.paragraph(parent, 'H2', messages.legend.title, styles.heading, 60);
  flow.paragraph(parent, 'P', messages.legend.intro, styles.body);
  flow.space(5);
  drawList(
    flow,
    document.group(parent, 'L'),
    levels.map(({ name, description }) => [name, description]),
    176,
  );
  flow.space(18);
}

function drawList(flow: Flow, list: Structure, items: [string, string][], indent: number): void {
  const { document } = flow;
  for (const [label, text] of items) {
    const labels = document.linesOf(label, indent - 8, styles.strong);
    const lines = document.linesOf(text, contentWidth - indent, styles.body);
    const height = Math.max(labels.length, lines.length) * styles.body.size * 1.3 + 3;
    flow.reserve(height);
    const item = document.group(list, 'LI');
    document.tag(item, 'Lbl', () => document.write(labels, page.left, flow.y, indent, styles.strong));
    document.tag(item, 'LBody', () => document.write(lines, page.left + indent, flow.y, contentWidth - indent, styles.body));
    flow.y += height;
  }
}
