import { create } from 'qrcode';
import type { AccessibleDocument, Structure } from './accessible-document.js';

const quietModules = 4;

/** Draws a QR code, quiet zone included, in a square of that size and tags it as a figure. */
export function drawQr(
  document: AccessibleDocument,
  parent: Structure,
  text: string,
  alt: string,
  x: number,
  y: number,
  size: number,
): void {
  const { modules } = create(text, { errorCorrectionLevel: 'M' });
  const unit = size / (modules.size + 2 * quietModules);
  const origin = quietModules * unit;
  document.tag(
    parent,
    'Figure',
    () => {
      for (let row = 0; row < modules.size; row += 1) {
        let start = -1;
        for (let column = 0; column <= modules.size; column += 1) {
          const dark = column < modules.size && modules.get(row, column) === 1;
          if (dark && start < 0) start = column;
          if (dark || start < 0) continue;
          document.rect(x + origin + start * unit, y + origin + row * unit, (column - start) * unit, unit);
          start = -1;
        }
      }
      document.fill('#000000');
    },
    { alt, bbox: [x, y, x + size, y + size], placement: 'Block' } as PDFKit.Mixins.StructureElementOptions,
  );
}
