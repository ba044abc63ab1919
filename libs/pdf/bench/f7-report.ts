import { fileURLToPath } from 'node:url';
import PDFDocument from 'pdfkit';
import { AccessibleDocument, type Structure, type TagOptions, type TextStyle } from '../src/accessible-document.js';
import { renderLogbookReport } from '../src/index.js';
import { sampleReport } from '../test/sample-report.js';

const rounds = 15;
const documentsPerRound = 8;

interface Line {
  text: string;
  x: number;
  y: number;
  font: string;
  size: number;
}
type Step =
  | { is: 'page' }
  | { is: 'switch'; page: number }
  | { is: 'group'; parent: number; type: string }
  | { is: 'tag'; parent: number; type: string; scope?: 'Column' | 'Row'; alt?: string; lines: Line[] }
  | { is: 'artifact'; lines: Line[] };

/** Reports a second of the product's renderer, and of bare pdfkit drawing the same strings at the same places, tagged. */
export async function f7(): Promise<{ ours: number; reference: number }> {
  const model = sampleReport('MEU-68', 'it');
  const product = () => renderLogbookReport(model, { locale: 'it' });
  const steps = await recorded(product);
  const fonts = parsedFonts();
  const bare = async () => drawBare(steps, fonts);
  await checkSame(product, bare);
  const rates: Record<'product' | 'bare', number[]> = { product: [], bare: [] };
  for (let round = -2; round < rounds; round += 1) {
    const [first, second] = round % 2 === 0 ? (['product', 'bare'] as const) : (['bare', 'product'] as const);
    for (const which of [first, second]) {
      const rate = await rateOf(which === 'product' ? product : bare);
      if (round >= 0) rates[which].push(rate);
    }
  }
  return { ours: median(rates.product), reference: median(rates.bare) };
}

async function rateOf(draw: () => Promise<Uint8Array>): Promise<number> {
  const start = performance.now();
  for (let n = 0; n < documentsPerRound; n += 1) await draw();
  return (documentsPerRound * 1000) / (performance.now() - start);
}

const median = (values: number[]) => values.toSorted((a, b) => a - b)[values.length >> 1]!;

const pagesOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1').split('/Type /Page\n').length - 1;

async function checkSame(product: () => Promise<Uint8Array>, bare: () => Promise<Uint8Array>): Promise<void> {
  const [ours, theirs] = [pagesOf(await product()), pagesOf(await bare())];
  if (ours !== theirs || ours === 0) throw new Error(`The reference draws ${theirs} pages, the product ${ours}`);
}

/** Draws once while noting every string, where it stands and what it is tagged as. */
async function recorded(draw: () => Promise<unknown>): Promise<Step[]> {
  const steps: Step[] = [];
  const numbers = new Map<Structure, number>();
  let lines: Line[] = [];
  const own = { ...Object.getOwnPropertyDescriptors(AccessibleDocument.prototype) };
  const { group, tag, artifact, addPage, switchToPage, show } = AccessibleDocument.prototype;
  const inside = (step: Step & { lines: Line[] }, act: () => void) => {
    steps.push(step);
    lines = step.lines;
    act();
  };
  Object.assign(AccessibleDocument.prototype, {
    group(this: AccessibleDocument, parent: Structure, type: string) {
      const element = group.call(this, parent, type);
      steps.push({ is: 'group', parent: numbers.get(parent) ?? 0, type });
      numbers.set(element, numbers.size + 1);
      return element;
    },
    tag(this: AccessibleDocument, parent: Structure, type: string, act: () => void, options: TagOptions = {}) {
      const { scope, alt } = options;
      inside({ is: 'tag', parent: numbers.get(parent) ?? 0, type, scope, alt, lines: [] }, () =>
        tag.call(this, parent, type, act, options),
      );
    },
    artifact(this: AccessibleDocument, act: () => void, type?: 'Pagination' | 'Layout') {
      inside({ is: 'artifact', lines: [] }, () => artifact.call(this, act, type));
    },
    addPage(this: AccessibleDocument) {
      steps.push({ is: 'page' });
      return addPage.call(this);
    },
    switchToPage(this: AccessibleDocument, page: number) {
      steps.push({ is: 'switch', page });
      return switchToPage.call(this, page);
    },
    show(this: AccessibleDocument & { _font: { name: string } }, text: string, x: number, y: number, style: TextStyle) {
      lines.push({ text, x, y, font: this._font.name, size: style.size });
      return show.call(this, text, x, y, style);
    },
  });
  try {
    await draw();
  } finally {
    Object.defineProperties(AccessibleDocument.prototype, own);
  }
  return steps;
}

const faces = ['400Regular/TitilliumWeb_400Regular', '600SemiBold/TitilliumWeb_600SemiBold', '700Bold/TitilliumWeb_700Bold'];

/** Parsed once here too, so that the comparison is about drawing. */
function parsedFonts(): string[] {
  return faces.map((face) => {
    const font = fileURLToPath(import.meta.resolve(`@expo-google-fonts/titillium-web/${face}.ttf`));
    return (new PDFDocument({ font, autoFirstPage: false }) as unknown as { _font: { font: string } })._font.font;
  });
}

async function drawBare(steps: Step[], fonts: string[]): Promise<Uint8Array> {
  const options = { size: 'A4', layout: 'landscape', margin: 0, pdfVersion: '1.7', subset: 'PDF/UA', tagged: true, lang: 'it-IT' };
  const info = { Title: 'Report' };
  const document = new PDFDocument({
    ...options,
    info,
    displayTitle: true,
    bufferPages: true,
    autoFirstPage: false,
    font: fonts[0],
  } as unknown as PDFKit.PDFDocumentOptions);
  for (const font of fonts) document.registerFont((font as unknown as { postscriptName: string }).postscriptName, font);
  const chunks: Uint8Array[] = [];
  const finished = new Promise((resolve) => document.on('data', (chunk: Uint8Array) => chunks.push(chunk)).on('end', resolve));
  const root = document.struct('Document');
  document.addStructure(root);
  const elements = [root];
  for (const step of steps) drawStep(document, elements, step);
  root.end();
  document.end();
  await finished;
  return Buffer.concat(chunks);
}

function drawStep(document: PDFKit.PDFDocument, elements: Structure[], step: Step): void {
  if (step.is === 'page') document.addPage();
  else if (step.is === 'switch') document.switchToPage(step.page);
  else if (step.is === 'group') {
    const element = document.struct(step.type);
    elements[step.parent]!.add(element);
    elements.push(element);
  } else if (step.is === 'artifact') {
    document.markContent('Artifact');
    drawLines(document, step.lines);
    document.endMarkedContent();
  } else {
    const { parent, type, scope, alt } = step;
    const content = document.markStructureContent(type);
    drawLines(document, step.lines);
    document.endMarkedContent();
    elements[parent]!.add(document.struct(type, { scope, alt } as TagOptions, [content]));
  }
}

function drawLines(document: PDFKit.PDFDocument, lines: Line[]): void {
  for (const { text, x, y, font, size } of lines) document.font(font, size).text(text, x, y, { lineBreak: false });
}
