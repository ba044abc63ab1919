import { fileURLToPath } from 'node:url';
import PDFDocument from 'pdfkit';

/** What the font engine of pdfkit offers; its types do not name it. */
interface ParsedFont {
  postscriptName: string;
  unitsPerEm: number;
  hasGlyphForCodePoint(codePoint: number): boolean;
  layout(text: string, features?: string[]): GlyphRun;
}
interface GlyphRun {
  glyphs: unknown[];
  positions: GlyphPosition[];
  readonly advanceWidth: number;
}
type GlyphPosition = { xAdvance: number; yAdvance: number; xOffset: number; yOffset: number };

export type Face = 'regular' | 'semibold' | 'bold';
const files: Record<Face, string> = {
  regular: '400Regular/TitilliumWeb_400Regular.ttf',
  semibold: '600SemiBold/TitilliumWeb_600SemiBold.ttf',
  bold: '700Bold/TitilliumWeb_700Bold.ttf',
};

const mostRunsKept = 5_000;
/** Makes pdfkit shape a text without keeping it: for words about a person, which must not outlive the document. */
export const unremembered: never[] = [];

/** pdfkit scales the positions of a run in place, so every caller gets its own. */
class OwnRun implements GlyphRun {
  readonly positions: GlyphPosition[];
  constructor(
    readonly glyphs: unknown[],
    positions: GlyphPosition[],
  ) {
    this.positions = positions.map(({ xAdvance, yAdvance, xOffset, yOffset }) => ({ xAdvance, yAdvance, xOffset, yOffset }));
  }
  get advanceWidth(): number {
    return this.positions.reduce((sum, position) => sum + position.xAdvance, 0);
  }
}

/** A font parsed once per process, which remembers how the words of the catalogues are shaped. */
export class Typeface {
  readonly font: ParsedFont;
  readonly name: string;
  readonly #runs = new Map<string, { run: GlyphRun; width: number }>();

  constructor(face: Face) {
    const path = fileURLToPath(import.meta.resolve(`@expo-google-fonts/titillium-web/${files[face]}`));
    const parsed = (new PDFDocument({ font: path, autoFirstPage: false }) as unknown as { _font: { font: ParsedFont } })._font.font;
    this.name = parsed.postscriptName;
    this.font = Object.create(parsed, {
      layout: {
        value: (text: string, features?: string[]) => {
          if (features) return parsed.layout(text, features);
          const { run } = this.#remembered(text);
          return new OwnRun(run.glyphs, run.positions);
        },
      },
    }) as ParsedFont;
  }

  /** Width in em of one word, or of a word with the space after it. */
  widthOf(word: string, personal: boolean): number {
    if (personal) return this.font.layout(word, unremembered).advanceWidth / this.font.unitsPerEm;
    return this.#remembered(word).width / this.font.unitsPerEm;
  }

  #remembered(text: string): { run: GlyphRun; width: number } {
    const known = this.#runs.get(text);
    if (known) return known;
    if (this.#runs.size >= mostRunsKept) this.#runs.clear();
    const run = Object.getPrototypeOf(this.font).layout(text) as GlyphRun;
    const kept = { run, width: run.advanceWidth };
    this.#runs.set(text, kept);
    return kept;
  }
}

let loaded: Record<Face, Typeface> | undefined;

/** The three faces of Titillium Web, parsed at the first call. */
export function typefaces(): Record<Face, Typeface> {
  loaded ??= { regular: new Typeface('regular'), semibold: new Typeface('semibold'), bold: new Typeface('bold') };
  return loaded;
}

const printableAscii = /^[\x20-\x7e]*$/;

/** The text with what the faces cannot draw replaced: a letter without its mark, else a question mark. PDF/UA knows no missing glyph. */
export function printable(text: string): string {
  if (printableAscii.test(text)) return text;
  const { font } = typefaces().regular;
  const drawn = (character: string) => font.hasGlyphForCodePoint(character.codePointAt(0)!);
  let result = '';
  for (const character of text
    .normalize('NFC')
    .replace(/[\t-\r ]+/g, ' ')
    .replace(/\p{C}/gu, '')) {
    const bare = drawn(character) ? character : character.normalize('NFKD').replace(/\p{M}/gu, '');
    result += bare !== '' && [...bare].every(drawn) ? bare : '?';
  }
  return result;
}
