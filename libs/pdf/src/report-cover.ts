import type { AccessibleDocument, Structure } from './accessible-document.js';
import { displayCode, displayInstant } from './display.js';
import { drawQr } from './qr-figure.js';
import type { ReportMessages } from './report-messages.js';
import type { ReportLocale, ReportModel } from './report-model.js';
import { colors, contentWidth, page, styles, type Flow } from './report-page.js';

const panel = { width: 236, height: 146, qr: 100 };
const identityColumns = 3;
const fieldHeight = 28;

/** The head of the first page: who, what, when, and how to check it. */
export function drawCover(flow: Flow, parent: Structure, model: ReportModel, locale: ReportLocale, messages: ReportMessages): void {
  const { document } = flow;
  document.artifact(() => document.box(0, 0, page.width, 8, colors.accent));
  const top = 34;
  const width = contentWidth - panel.width - 24;
  flow.y = top;
  flow.paragraph(parent, 'P', model.university, styles.university, 0, width);
  flow.paragraph(parent, 'P', model.school, styles.subtitle, 0, width);
  flow.space(8);
  flow.paragraph(parent, 'H1', messages.title, styles.title, 0, width);
  flow.paragraph(parent, 'P', messages.subtitle, styles.subtitle, 0, width);
  flow.space(10);
  drawIdentity(flow, parent, identity(model, locale, messages), width);
  const end = flow.y;
  drawVerification(document, parent, model, messages, top);
  flow.y = Math.max(end, top + panel.height) + 8;
  drawFingerprint(flow, parent, model, messages);
}

interface Field {
  label: string;
  value: string;
  personal?: boolean;
}

function identity(model: ReportModel, locale: ReportLocale, { identity: labels }: ReportMessages): Field[] {
  return [
    { label: labels.trainee, value: model.trainee.fullName, personal: true },
    { label: labels.studentNumber, value: model.trainee.studentNumber, personal: true },
    { label: labels.cohort, value: model.cohort },
    { label: labels.trainingYear, value: model.trainingYear },
    { label: labels.generatedAt, value: displayInstant(model.generatedAt, locale), personal: true },
    { label: labels.requestedBy, value: model.requestedBy, personal: true },
    { label: labels.protocolNumber, value: model.protocolNumber ?? labels.notRegistered, personal: true },
  ];
}

function drawIdentity(flow: Flow, parent: Structure, fields: Field[], width: number): void {
  const { document } = flow;
  const list = document.group(parent, 'L');
  const cell = width / identityColumns;
  for (let start = 0; start < fields.length; start += identityColumns) {
    const row = fields.slice(start, start + identityColumns).map((field) => ({
      ...field,
      lines: document.linesOf(field.value, cell - 12, { ...styles.value, personal: field.personal }),
    }));
    row.forEach(({ label, lines, personal }, index) => {
      const x = page.left + index * cell;
      const item = document.group(list, 'LI');
      document.tag(item, 'Lbl', () => document.write([label], x, flow.y, cell, styles.label));
      document.tag(item, 'LBody', () => document.write(lines, x, flow.y + 9, cell, { ...styles.value, personal }));
    });
    flow.y += fieldHeight + (Math.max(...row.map(({ lines }) => lines.length)) - 1) * styles.value.size * 1.3;
  }
}

function drawVerification(
  document: AccessibleDocument,
  parent: Structure,
  model: ReportModel,
  messages: ReportMessages,
  top: number,
): void {
  const { verification } = messages;
  const x = page.right - panel.width;
  document.artifact(() => document.box(x, top, panel.width, panel.height, colors.tint));
  drawQr(document, parent, model.verifyUrl, verification.qr(model.verifyUrl), x + 6, top + 6, panel.qr);
  const left = x + panel.qr + 12;
  const width = panel.width - panel.qr - 20;
  let y = top + 11;
  const write = (type: string, text: string, style: Parameters<AccessibleDocument['write']>[4]) =>
    document.tag(parent, type, () => {
      y += document.write(document.linesOf(text, width, style), left, y, width, style) + 3;
    });
  write('P', verification.title, { ...styles.strong, size: 9.5 });
  write('P', verification.how, styles.small);
  y += 3;
  write('P', verification.code, styles.label);
  y -= 3;
  write('P', codeOnTwoLines(model.reportCode), { ...styles.strong, size: 8, personal: true });
  drawLink(document, parent, model.verifyUrl, x + 10, top + panel.qr + 13, panel.width - 20);
}

/** The first half ends with its dash, so that it is read as one code. */
const codeOnTwoLines = (code: string) => displayCode(code).replace(/^((?:.{5}){4})/, '$1 ');

function drawLink(document: AccessibleDocument, parent: Structure, url: string, x: number, y: number, width: number): void {
  const style = { ...styles.small, color: colors.accent, personal: true };
  const lines = document.linesOf(url, width, style);
  const link = document.group(document.group(parent, 'P'), 'Link');
  const content = document.markStructureContent('Link');
  const height = document.write(lines, x, y, width, style);
  document.endMarkedContent();
  link.add(content);
  document.link(x, y, width, height, url, { Contents: new String(url), structParent: link } as unknown as PDFKit.Mixins.AnnotationOption);
  link.end();
}

function drawFingerprint(flow: Flow, parent: Structure, model: ReportModel, messages: ReportMessages): void {
  const { document } = flow;
  const label = `${messages.identity.contentHash}: `;
  document.tag(parent, 'P', () => {
    document.write([label.trimEnd()], page.left, flow.y, contentWidth, styles.label);
    const x = page.left + document.widthOf(label, styles.label);
    document.write([model.contentHash], x, flow.y, contentWidth, { ...styles.label, face: 'semibold', color: colors.text, personal: true });
  });
  flow.y += 12;
  document.artifact(() => document.box(page.left, flow.y, contentWidth, 0.75, colors.rule));
  flow.y += 12;
}
