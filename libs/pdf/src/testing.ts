import {
  decodePDFRawStream,
  PDFArray,
  PDFDict,
  PDFDocument,
  PDFHexString,
  PDFName,
  PDFRawStream,
  PDFRef,
  PDFString,
  type PDFObject,
} from 'pdf-lib';

export interface StructureNode {
  type: string;
  alt?: string;
  attributes: Record<string, string>;
  children: StructureNode[];
}

export interface ReadPdf {
  document: PDFDocument;
  /** What each page shows: content that is tagged, and artifacts. */
  pages: { tagged: string; artifacts: string }[];
  structure: StructureNode[];
}

/** Reads back what a reader of the document gets: text through ToUnicode, and the tree of tags. */
export async function readPdf(bytes: Uint8Array): Promise<ReadPdf> {
  const document = await PDFDocument.load(bytes, { updateMetadata: false });
  const pages = document.getPages().map((page) => pageText(document, page.node));
  const root = document.catalog.lookupMaybe(PDFName.of('StructTreeRoot'), PDFDict);
  return { document, pages, structure: root ? children(document, root) : [] };
}

const streamText = (stream: PDFObject | undefined) => Buffer.from(decodePDFRawStream(stream as PDFRawStream).decode()).toString('latin1');

function pageText(document: PDFDocument, node: PDFDict): { tagged: string; artifacts: string } {
  const fonts = node.lookup(PDFName.of('Resources'), PDFDict).lookup(PDFName.of('Font'), PDFDict);
  const letters = new Map(
    fonts.entries().map(([name, ref]) => [name.asString(), toUnicode(document, document.context.lookup(ref, PDFDict))]),
  );
  const contents = node.lookup(PDFName.of('Contents'));
  const streams = contents instanceof PDFArray ? contents.asArray().map((ref) => document.context.lookup(ref)) : [contents];
  const shown: Record<'tagged' | 'artifacts', string[]> = { tagged: [], artifacts: [] };
  const open: string[] = [];
  let font = letters.values().next().value!;
  const lines = streams
    .map(streamText)
    .join('\n')
    .replace(/<<\n([^>]*)\n>>/g, '<<$1>>')
    .split('\n');
  for (const line of lines) {
    const [, name] = /^(\/F\d+) [\d.]+ Tf$/.exec(line) ?? [];
    if (name) font = letters.get(name)!;
    if (/ (BDC|BMC)$/.test(line)) open.push(line);
    if (line === 'EMC') open.pop();
    if (!line.endsWith(' TJ')) continue;
    const glyphs = [...line.matchAll(/<([0-9a-f]+)>/g)].flatMap(([, hex]) => hex!.match(/.{4}/g)!);
    const text = glyphs.map((glyph) => font[Number.parseInt(glyph, 16)] ?? '').join('');
    shown[open.some((tag) => tag.startsWith('/Artifact')) ? 'artifacts' : 'tagged'].push(text);
  }
  return { tagged: shown.tagged.join(' '), artifacts: shown.artifacts.join(' ') };
}

function toUnicode(document: PDFDocument, font: PDFDict): string[] {
  const map = font.get(PDFName.of('ToUnicode'));
  if (!(map instanceof PDFRef)) return [];
  const [, list = ''] = /\[(<[^\]]*)\]/.exec(streamText(document.context.lookup(map))) ?? [];
  return [...list.matchAll(/<([^>]*)>/g)].map(([, codes]) =>
    String.fromCharCode(
      ...(codes!.trim() === ''
        ? []
        : codes!
            .trim()
            .split(' ')
            .map((code) => Number.parseInt(code, 16))),
    ),
  );
}

function children(document: PDFDocument, node: PDFDict): StructureNode[] {
  const kids = node.lookup(PDFName.of('K'));
  const list = kids instanceof PDFArray ? kids.asArray() : kids ? [kids] : [];
  return list
    .map((kid) => document.context.lookup(kid))
    .filter((kid): kid is PDFDict => kid instanceof PDFDict && kid.has(PDFName.of('S')))
    .map((kid) => ({
      type: kid.lookup(PDFName.of('S'), PDFName).decodeText(),
      alt: text(kid.lookup(PDFName.of('Alt'))),
      attributes: Object.fromEntries(
        (kid.lookupMaybe(PDFName.of('A'), PDFDict)?.entries() ?? []).map(([key, value]) => [key.decodeText(), value.toString()]),
      ),
      children: children(document, kid),
    }));
}

const text = (value: PDFObject | undefined) =>
  value instanceof PDFString || value instanceof PDFHexString ? value.decodeText() : undefined;

/** All nodes of a type, in reading order. */
export function find(nodes: StructureNode[], type: string): StructureNode[] {
  return nodes.flatMap((node) => [...(node.type === type ? [node] : []), ...find(node.children, type)]);
}
