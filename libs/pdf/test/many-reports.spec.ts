import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { inflateRawSync } from 'node:zlib';
import { decodePDFRawStream, PDFArray, PDFDict, PDFHexString, PDFName, type PDFRawStream } from 'pdf-lib';
import { createReportPool, mergeForPrinter, renderLogbookReport, ReportPoolBusy, zipReports, type ReportFile } from '../src/index.js';
import { readPdf } from '../src/testing.js';
import { sampleReport } from './sample-report.js';

const model = sampleReport('CHIR-402', 'it');
const bytes = await renderLogbookReport(model, { locale: 'it' });
const other = await renderLogbookReport(sampleReport('PSI-402', 'en'), { locale: 'en' });
const reports: ReportFile[] = [
  { name: 'Però Niccolò.pdf', bytes },
  { name: 'Bianchi Anna.pdf', bytes: other },
];
const latin = (part: Uint8Array) => Buffer.from(part).toString('latin1');

describe('one file for the printer', () => {
  test('has an outline entry per trainee, in the order given', async () => {
    const { document } = await readPdf(await mergeForPrinter(reports));
    const outlines = document.catalog.lookup(PDFName.of('Outlines'), PDFDict);
    const titles: string[] = [];
    let item = outlines.lookupMaybe(PDFName.of('First'), PDFDict);
    for (; item; item = item.lookupMaybe(PDFName.of('Next'), PDFDict))
      titles.push(item.lookup(PDFName.of('Title'), PDFHexString).decodeText());
    assert.deepEqual(titles, ['Però Niccolò', 'Bianchi Anna']);
  });

  test('marks every page and the document as a print copy', async () => {
    const merged = await readPdf(await mergeForPrinter(reports, { locale: 'en' }));
    const pages = (await readPdf(bytes)).pages.length + (await readPdf(other)).pages.length;
    assert.equal(merged.pages.length, pages);
    assert.match(merged.document.getSubject()!, /^Print copy/);
    for (const page of merged.document.getPages()) {
      const streams = page.node.lookup(PDFName.of('Contents'), PDFArray).asArray();
      const drawn = streams
        .map((ref) => latin(decodePDFRawStream(merged.document.context.lookup(ref) as PDFRawStream).decode()))
        .join('\n');
      assert.ok(drawn.includes(Buffer.from('Print copy').toString('hex').toUpperCase()));
    }
  });

  test('the same reports give the same bytes', async () => {
    assert.deepEqual(await mergeForPrinter(reports), await mergeForPrinter(reports));
  });
});

describe('the archive of many reports', () => {
  const archive = async (files: Iterable<ReportFile> | AsyncIterable<ReportFile>) => Buffer.concat(await zipReports(files).toArray());

  test('holds every file unchanged under its UTF-8 name', async () => {
    const zip = await archive(reports);
    const found = unzip(zip);
    assert.deepEqual(
      [...found.keys()],
      reports.map(({ name }) => name),
    );
    for (const { name, bytes: content } of reports) assert.ok(found.get(name)!.equals(content));
  });

  test('gives the same bytes for the same files, and numbers a name that comes again', async () => {
    assert.ok((await archive(reports)).equals(await archive(reports)));
    assert.deepEqual([...unzip(await archive([...reports, reports[0]!])).keys()].at(-1), 'Però Niccolò (2).pdf');
  });

  test('takes files one by one as the reader takes them, and breaks when their source does', async () => {
    async function* broken(): AsyncGenerator<ReportFile> {
      yield reports[0]!;
      throw new Error('the report is gone');
    }
    await assert.rejects(archive(broken()), /the report is gone/);
  });
});

/** Reads a ZIP through its central directory. */
function unzip(zip: Buffer): Map<string, Buffer> {
  const end = zip.lastIndexOf('PK\x05\x06', undefined, 'latin1');
  const files = new Map<string, Buffer>();
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left -= 1) {
    const length = zip.readUInt16LE(at + 28);
    assert.ok(zip.readUInt16LE(at + 8) & 0x800, 'the name is UTF-8');
    const name = zip.toString('utf8', at + 46, at + 46 + length);
    const local = zip.readUInt32LE(at + 42);
    const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    files.set(name, inflateRawSync(zip.subarray(start, start + zip.readUInt32LE(at + 20))));
    at += 46 + length + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return files;
}

describe('the pool of threads that draw reports', () => {
  test('draws what the process itself would draw, and merges', async () => {
    const pool = createReportPool({ size: 2 });
    try {
      const [first, second] = await Promise.all([pool.render(model, { locale: 'it' }), pool.render(model, { locale: 'it' })]);
      assert.deepEqual(Buffer.from(first!), Buffer.from(bytes));
      assert.deepEqual(first, second);
      assert.deepEqual(await pool.mergeForPrinter(reports), await mergeForPrinter(reports));
    } finally {
      await pool.close();
    }
  });

  test('refuses clearly beyond its queue, and a broken model fails alone', async () => {
    const pool = createReportPool({ size: 1, queue: 1 });
    try {
      const running = pool.render(model, { locale: 'it' });
      const waiting = pool.render({ ...model, generatedAt: 'never' }, { locale: 'it' });
      await assert.rejects(pool.render(model, { locale: 'it' }), ReportPoolBusy);
      await assert.rejects(waiting, /RangeError/);
      assert.equal((await running).length, bytes.length);
      assert.equal((await pool.render(model, { locale: 'it' })).length, bytes.length);
      assert.equal(pool.threads, 1);
    } finally {
      await pool.close();
    }
  });

  test('has no thread before the first report, none after being idle, and rejects what it did not finish', async () => {
    const pool = createReportPool({ idle: 1 });
    assert.equal(pool.threads, 0);
    await pool.render(model, { locale: 'it' });
    while (pool.threads > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    const unfinished = assert.rejects(pool.render(model, { locale: 'it' }), /closed/);
    await pool.close();
    await unfinished;
    await assert.rejects(pool.render(model, { locale: 'it' }), /closed/);
  });
});
