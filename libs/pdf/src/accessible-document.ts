import PDFDocument from 'pdfkit';
import { printable, typefaces, unremembered, type Face } from './typeface.js';

export type Structure = ReturnType<PDFKit.PDFDocument['struct']>;

export interface TextStyle {
  face: Face;
  size: number;
  color: string;
  /** Distance of the baselines in points; 1.3 × size where absent. */
  leading?: number;
  align?: 'left' | 'right' | 'center';
  /** Words about a person are not remembered by the font beyond this document. */
  personal?: boolean;
}

export interface TagOptions extends PDFKit.Mixins.StructureElementOptions {
  scope?: 'Column' | 'Row';
  /** Of a header cell; cells without one cover a column and a row. */
  span?: { ColSpan: number } | { RowSpan: number };
}

export interface DocumentInfo {
  title: string;
  author: string;
  subject: string;
  keywords: string;
  language: string;
  createdAt: Date;
}

const escapeXml = (text: string) => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
const ascent = 1.133;
const descent = 0.388;
const emHeight = 1.521;

/** A tagged A4 landscape document under PDF/UA-1 whose bytes depend on nothing but what is drawn. */
export class AccessibleDocument extends PDFDocument {
  readonly root: Structure;
  #color = '';

  constructor(info: DocumentInfo) {
    const faces = typefaces();
    super({
      size: 'A4',
      layout: 'landscape',
      margin: 0,
      pdfVersion: '1.7',
      subset: 'PDF/UA',
      tagged: true,
      lang: info.language,
      displayTitle: true,
      bufferPages: true,
      autoFirstPage: false,
      font: faces.regular.font,
      info: {
        Title: info.title,
        Author: info.author,
        Subject: info.subject,
        Keywords: info.keywords,
        Creator: 'Ateneo',
        Producer: 'Ateneo',
        CreationDate: info.createdAt,
        ModDate: info.createdAt,
      },
    } as unknown as PDFKit.PDFDocumentOptions);
    for (const { name, font } of Object.values(faces)) this.registerFont(name, font as unknown as string);
    this.root = this.struct('Document');
    this.addStructure(this.root);
  }

  /** pdfkit copies the properties into XML as they are. */
  override endMetadata(): void {
    const plain = this.info;
    const escaped = Object.entries(plain).map(([key, value]) => [key, typeof value === 'string' ? escapeXml(value) : value]);
    this.info = Object.fromEntries(escaped) as typeof plain;
    super.endMetadata();
    this.info = plain;
  }

  bytes(): Uint8Array {
    this.root.end();
    this.end();
    return new Uint8Array(this.read() as Buffer);
  }

  override addPage(): this {
    super.addPage();
    this.#color = '';
    return this;
  }

  override switchToPage(page: number): PDFKit.PDFPage {
    this.#color = '';
    return super.switchToPage(page);
  }

  /** Adds a structure element whose content is what `draw` draws on the current page. */
  tag(parent: Structure, type: string, draw: () => void, { span, ...options }: TagOptions = {}): void {
    const content = this.markStructureContent(type);
    draw();
    this.endMarkedContent();
    const element = this.struct(type, options, [content]);
    if (span) Object.assign((element as unknown as { dictionary: { data: { A: object } } }).dictionary.data.A, span);
    parent.add(element);
  }

  /** Adds a structure element that holds others. */
  group(parent: Structure, type: string): Structure {
    const element = this.struct(type);
    parent.add(element);
    return element;
  }

  artifact(draw: () => void, type?: 'Pagination' | 'Layout'): void {
    this.markContent('Artifact', { type: type ?? 'Layout' } as PDFKit.Mixins.MarkingOptions);
    draw();
    this.endMarkedContent();
  }

  box(x: number, y: number, width: number, height: number, color: string): void {
    this.rect(x, y, width, height).fill(color);
    this.#color = color;
  }

  widthOf(text: string, style: TextStyle): number {
    const face = typefaces()[style.face];
    return words(printable(text)).reduce((sum, word) => sum + face.widthOf(word, style.personal ?? false), 0) * style.size;
  }

  /** The lines of a text within a width; a word wider than that is broken where it must. */
  linesOf(text: string, width: number, style: TextStyle): string[] {
    const face = typefaces()[style.face];
    const em = width / style.size;
    const lines: string[] = [];
    let line = '';
    let used = 0;
    for (const word of words(printable(text)).flatMap((word) => fitting(word, em, (part) => face.widthOf(part, style.personal ?? false)))) {
      const bare = face.widthOf(word.trimEnd(), style.personal ?? false);
      if (line !== '' && used + bare > em) {
        lines.push(line.trimEnd());
        line = '';
        used = 0;
      }
      line += word;
      used += face.widthOf(word, style.personal ?? false);
    }
    if (line.trimEnd() !== '' || lines.length === 0) lines.push(line.trimEnd());
    return lines;
  }

  /** Draws one string in the current font and colour; `y` is the top of its line box. */
  show(text: string, x: number, y: number, { size, personal }: TextStyle): void {
    if (text === '') return;
    const { _font: font, page } = this as unknown as { _font: FontOfDocument; page: { fonts: Record<string, unknown> } };
    page.fonts[font.id] ??= font.ref();
    const baseline = y + ascent * size;
    const shown = kerned(...font.encode(text, personal ? unremembered : undefined));
    this.addContent(`BT\n/${font.id} ${decimal(size)} Tf\n1 0 0 -1 ${decimal(x)} ${decimal(baseline)} Tm\n[${shown}] TJ\nET`);
  }

  /** Draws lines from the top `y`; the answer is the height used. */
  write(lines: string[], x: number, y: number, width: number, style: TextStyle): number {
    const leading = leadingOf(style);
    const face = typefaces()[style.face];
    this.font(face.name);
    if (this.#color !== style.color) this.fillColor(style.color);
    this.#color = style.color;
    const shift = (leading - emHeight * style.size) / 2;
    lines.forEach((line, index) => {
      const free = style.align && style.align !== 'left' ? width - this.widthOf(line, style) : 0;
      const left = x + (style.align === 'center' ? free / 2 : free);
      this.show(line, left, y + shift + index * leading, style);
    });
    return lines.length * leading;
  }
}

/** The parts of pdfkit behind `text()`: that call writes ten operators and three matrices for each string, a report has two thousand. */
interface FontOfDocument {
  id: string;
  ref(): unknown;
  encode(text: string, features?: never[]): [glyphs: string[], positions: { xAdvance: number; advanceWidth: number }[]];
}

const decimal = (value: number) => String(Math.round(value * 1000) / 1000);

/** Glyphs as a TJ array, cut where kerning moves the next one. */
function kerned(glyphs: string[], positions: { xAdvance: number; advanceWidth: number }[]): string {
  let operators = '<';
  glyphs.forEach((glyph, index) => {
    const move = positions[index]!.advanceWidth - positions[index]!.xAdvance;
    operators += move === 0 || index === glyphs.length - 1 ? glyph : `${glyph}> ${decimal(move)} <`;
  });
  return `${operators}>`;
}

/** Height in points of that many lines. */
export const heightOf = (lines: number, style: TextStyle) => lines * leadingOf(style);

/** Distance from the top of a line to its baseline. */
export const baselineOf = (style: TextStyle) => (leadingOf(style) + emHeight * style.size) / 2 - descent * style.size;

const leadingOf = (style: TextStyle) => style.leading ?? style.size * 1.3;

// A no-break space belongs to its word.
const words = (text: string) => text.match(/[^ ]+ ?/g) ?? [];

// A code or an address must not gain a hyphen where it is broken.
const onlyLetters = /^\p{L}+$/u;

function fitting(word: string, width: number, measure: (part: string) => number): string[] {
  const bare = word.trimEnd();
  if (bare.length <= 1 || measure(bare) <= width) return [word];
  let end = bare.length - 1;
  while (end > 1 && measure(`${bare.slice(0, end)}-`) > width) end -= 1;
  const seam = Math.max(bare.lastIndexOf('-', end - 1), bare.lastIndexOf('/', end - 1)) + 1;
  const cut = seam > 1 ? seam : end;
  const hyphen = cut === end && onlyLetters.test(bare) ? '-' : '';
  return [word.slice(0, cut) + hyphen, ...fitting(word.slice(cut), width, measure)];
}
