import {
  degrees,
  PDFDict,
  PDFDocument,
  PDFHexString,
  PDFName,
  PDFNumber,
  rgb,
  StandardFonts,
  type PDFFont,
  type PDFPage,
  type PDFRef,
} from 'pdf-lib';
import type { ReportFile } from './report-archive.js';
import { reportMessages } from './report-messages.js';
import type { ReportLocale } from './report-model.js';

const stampSize = 7;
const stampMargin = 16;

/** One file for the printer: every report in the order given, an outline entry each, every page marked as a print copy. The tags stay in the originals. */
export async function mergeForPrinter(reports: ReportFile[], { locale = 'it' }: { locale?: ReportLocale } = {}): Promise<Uint8Array> {
  const { printCopy, language } = reportMessages[locale];
  const merged = await PDFDocument.create({ updateMetadata: false });
  const font = merged.embedStandardFont(StandardFonts.Helvetica);
  const entries: { title: string; page: PDFRef }[] = [];
  let newest = new Date(0);
  for (const { name, bytes } of reports) {
    const source = await PDFDocument.load(bytes, { updateMetadata: false });
    const pages = await merged.copyPages(source, source.getPageIndices());
    for (const page of pages) stamp(merged.addPage(page), font, printCopy.stamp);
    if (pages[0]) entries.push({ title: name.replace(/\.pdf$/i, ''), page: pages[0].ref });
    const created = source.getCreationDate();
    if (created && created > newest) newest = created;
  }
  merged.setTitle(printCopy.title(entries.length), { showInWindowTitleBar: true });
  merged.setSubject(printCopy.stamp);
  merged.setLanguage(language);
  merged.setCreator('Ateneo');
  merged.setProducer('Ateneo');
  merged.setCreationDate(newest);
  merged.setModificationDate(newest);
  addOutline(merged, entries);
  return merged.save();
}

/** Sets the words along the left edge of the page and drops the link to tags that are not copied. */
function stamp(page: PDFPage, font: PDFFont, text: string): void {
  page.node.delete(PDFName.of('StructParents'));
  const y = (page.getHeight() - font.widthOfTextAtSize(text, stampSize)) / 2;
  page.drawText(text, { x: stampMargin, y, size: stampSize, font, rotate: degrees(90), color: rgb(0.35, 0.35, 0.35) });
}

function addOutline(document: PDFDocument, entries: { title: string; page: PDFRef }[]): void {
  if (entries.length === 0) return;
  const { context } = document;
  const root = context.nextRef();
  const refs = entries.map(() => context.nextRef());
  entries.forEach(({ title, page }, index) => {
    const item = PDFDict.withContext(context);
    item.set(PDFName.of('Title'), PDFHexString.fromText(title));
    item.set(PDFName.of('Parent'), root);
    item.set(PDFName.of('Dest'), context.obj([page, PDFName.of('Fit')]));
    if (index > 0) item.set(PDFName.of('Prev'), refs[index - 1]!);
    if (index < refs.length - 1) item.set(PDFName.of('Next'), refs[index + 1]!);
    context.assign(refs[index]!, item);
  });
  const outlines = PDFDict.withContext(context);
  outlines.set(PDFName.of('Type'), PDFName.of('Outlines'));
  outlines.set(PDFName.of('First'), refs[0]!);
  outlines.set(PDFName.of('Last'), refs.at(-1)!);
  outlines.set(PDFName.of('Count'), PDFNumber.of(refs.length));
  context.assign(root, outlines);
  document.catalog.set(PDFName.of('Outlines'), root);
  document.catalog.set(PDFName.of('PageMode'), PDFName.of('UseOutlines'));
}
