import type { AccessibleDocument, Structure, TextStyle } from './accessible-document.js';

export const page = { width: 841.89, height: 595.28, left: 40, right: 801.89, top: 52, bottom: 552 } as const;
export const contentWidth = page.right - page.left;

export const colors = {
  ink: '#17324d',
  provisional: '#46627f',
  text: '#1f2d3a',
  quiet: '#4f6272',
  accent: '#0059b3',
  rule: '#c9d4de',
  faintRule: '#e3e9ef',
  tint: '#eef4fa',
  zebra: '#f7fafc',
  warning: '#8a4b00',
  warningTint: '#fff4e0',
  done: '#00664f',
  bar: '#dbe4ec',
} as const;

export const styles = {
  title: { face: 'bold', size: 21, color: colors.ink, leading: 25 },
  university: { face: 'bold', size: 11, color: colors.accent },
  subtitle: { face: 'regular', size: 11, color: colors.quiet },
  heading: { face: 'bold', size: 14, color: colors.ink },
  subheading: { face: 'semibold', size: 11, color: colors.accent },
  body: { face: 'regular', size: 8.5, color: colors.text },
  strong: { face: 'semibold', size: 8.5, color: colors.ink },
  small: { face: 'regular', size: 7, color: colors.quiet },
  label: { face: 'regular', size: 7, color: colors.quiet },
  value: { face: 'semibold', size: 9.5, color: colors.ink },
} as const satisfies Record<string, TextStyle>;

/** Where the next thing is drawn; opens pages as they fill. */
export class Flow {
  y: number = page.top;
  constructor(readonly document: AccessibleDocument) {
    this.openPage();
  }

  openPage(): void {
    this.document.addPage();
    this.y = page.top;
  }

  /** Opens a page unless that height is left; tells whether it did. */
  reserve(height: number): boolean {
    if (this.y + height <= page.bottom) return false;
    this.openPage();
    return true;
  }

  /** A heading or a paragraph over the whole width, kept together with `keep` points of what follows. */
  paragraph(parent: Structure, type: string, text: string, style: TextStyle, keep = 0, width: number = contentWidth): void {
    const { document } = this;
    const lines = document.linesOf(text, width, style);
    this.reserve(lines.length * (style.leading ?? style.size * 1.3) + keep);
    document.tag(parent, type, () => {
      this.y += document.write(lines, page.left, this.y, width, style);
    });
  }

  space(height: number): void {
    this.y = Math.min(this.y + height, page.bottom);
  }
}
