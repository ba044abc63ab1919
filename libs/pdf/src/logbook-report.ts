import { AccessibleDocument } from './accessible-document.js';
import { drawCounterTable, keptWithHeading } from './counter-table.js';
import { displayCode } from './display.js';
import { drawCover } from './report-cover.js';
import { reportMessages, type ReportMessages } from './report-messages.js';
import type { RenderOptions, ReportModel } from './report-model.js';
import { colors, contentWidth, Flow, page, styles } from './report-page.js';
import { drawLegend, drawSetHead, drawSummary } from './report-summary.js';

/** The report of one trainee as PDF/UA-1; the same model and language give the same bytes in every process of one release. */
export async function renderLogbookReport(model: ReportModel, { locale }: RenderOptions): Promise<Uint8Array> {
  const messages = reportMessages[locale];
  const document = new AccessibleDocument({
    title: `${messages.title} – ${model.trainee.fullName}`,
    author: model.university,
    subject: `${messages.subtitle} – ${model.school}`,
    keywords: [model.reportCode, model.contentHash, model.protocolNumber ?? ''].join(' ').trimEnd(),
    language: messages.language,
    createdAt: new Date(model.generatedAt),
  });
  const flow = new Flow(document);
  const { root } = document;
  drawCover(flow, root, model, locale, messages);
  drawSummary(flow, root, model, messages);
  drawLegend(flow, root, model.levels, messages);
  for (const set of model.sets) {
    drawSetHead(flow, root, set, messages, keptWithHeading + 70);
    for (const counter of ['provisional', 'definitive'] as const) {
      flow.paragraph(root, 'H3', messages.tables[counter], styles.subheading, keptWithHeading);
      flow.paragraph(root, 'P', messages.setPercentage(set.percent[counter]), styles.body);
      flow.space(4);
      drawCounterTable(flow, root, { set, counter, levels: model.levels, locale, messages });
      flow.space(16);
    }
  }
  drawRunningLines(document, model, messages);
  return document.bytes();
}

function drawRunningLines(document: AccessibleDocument, model: ReportModel, messages: ReportMessages): void {
  const { count } = document.bufferedPageRange();
  const owner = { ...styles.small, personal: true };
  const [ownerLine] = document.linesOf(
    `${model.trainee.fullName} · ${model.trainee.studentNumber} · ${model.school}`,
    contentWidth * 0.62,
    owner,
  );
  const [university] = document.linesOf(model.university, contentWidth * 0.8, styles.small);
  const code = `${messages.running.code} ${displayCode(model.reportCode)}`;
  for (let index = 0; index < count; index += 1) {
    document.switchToPage(index);
    document.artifact(() => {
      if (index > 0) {
        document.write([ownerLine!], page.left, 24, contentWidth, owner);
        document.write([code], page.left, 24, contentWidth, { ...owner, align: 'right' });
        document.box(page.left, 38, contentWidth, 0.5, colors.rule);
      }
      document.write([university!], page.left, 568, contentWidth, styles.small);
      document.write([messages.running.page(index + 1, count)], page.left, 568, contentWidth, { ...styles.small, align: 'right' });
    }, 'Pagination');
  }
}
