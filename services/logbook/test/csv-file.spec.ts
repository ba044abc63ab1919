import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { describe, test } from 'node:test';
import { type CsvRecord, ImportFileError, MOST_ROWS, openCsv } from '../src/import/csv-file.client.js';
import { MOST_FIELDS } from '../src/import/csv-fields.rules.js';
import { openCsvApart } from '../src/import/csv-thread.client.js';
import { COLUMNS } from '../src/import/import-columns.rules.js';
import { readRow, RowProblem } from '../src/import/import-row.rules.js';

const header = COLUMNS.join(',');
const filled = COLUMNS.map((column) => `<${column}>`);

async function read(
  bytes: string | Uint8Array,
  chunk = 7,
): Promise<{ at: (record: CsvRecord | undefined, column: (typeof COLUMNS)[number]) => string | undefined; records: CsvRecord[] }> {
  const all = Buffer.from(bytes);
  const pieces = Array.from({ length: Math.ceil(all.length / chunk) }, (_, i) => all.subarray(i * chunk, (i + 1) * chunk));
  const file = await openCsv(Readable.from(pieces));
  const records: CsvRecord[] = [];
  for await (const batch of file.batches(2)) records.push(...batch);
  return { records, at: (record, column) => record?.cells[file.header[column]] };
}
const fails = (bytes: string | Uint8Array, message: string | RegExp) =>
  assert.rejects(
    read(bytes),
    (error) => error instanceof ImportFileError && (typeof message === 'string' ? error.message === message : message.test(error.message)),
  );

describe('the file of an import', () => {
  test('is UTF-8 with or without a byte order mark, cut anywhere', async () => {
    for (const mark of ['', '\uFEFF']) {
      const { records, at } = await read(`${mark}${header}\r\n${filled.with(-1, 'già più').join(',')}\r\n`);
      assert.equal(at(records[0], 'note'), 'già più');
      assert.equal(at(records[0], 'external_id'), '<external_id>');
    }
  });

  test('may use a semicolon, which the header line tells', async () => {
    const { records, at } = await read(`${COLUMNS.join(';')}\n${filled.with(-1, 'uno, due').join(';')}\n`);
    assert.equal(at(records[0], 'note'), 'uno, due');
  });

  test('may quote delimiters, quotes and line ends (RFC 4180)', async () => {
    const { records, at } = await read(`${header}\n${filled.with(-1, '"a, ""b""\r\nc"').join(',')}\n`);
    assert.equal(at(records[0], 'note'), 'a, "b"\r\nc');
  });

  test('names the line on which a row begins, past quoted line ends and empty lines', async () => {
    const row = filled.with(-1, '"one\ntwo\nthree"').join(',');
    const { records } = await read(`${header}\n${row}\n${row}\n\n\n${filled.join(',')}\n`);
    assert.deepEqual(
      records.map(({ line }) => line),
      [2, 5, 10],
    );
  });

  test('may name its columns in any order', async () => {
    const turned = COLUMNS.toReversed();
    const { records, at } = await read(`${turned.join(',')}\n${turned.map((column) => `<${column}>`).join(',')}\n`);
    assert.equal(at(records[0], 'performed_on'), '<performed_on>');
    assert.equal(at(records[0], 'note'), '<note>');
  });

  test('is refused with the names of the columns that are missing, unknown or there twice', async () => {
    await fails(`${header.replace('state', 'status')}\n`, 'columns-missing: state; columns-unknown: #20');
    await fails(`${header},note\n`, 'columns-repeated: note');
  });

  test('is refused where it is empty, not UTF-8, or a quote never closes, naming the line', async () => {
    await fails('', 'file-empty');
    await fails(Buffer.concat([Buffer.from(`${header}\n`), Buffer.from([0x67, 0x69, 0xe0, 0x2c, 0x0a])]), 'file-not-utf-8');
    await fails(`${header}\n${filled.join(',')}\n"open,${filled.join(',')}\n`, 'file-not-csv: 3');
  });

  test('costs a scan where a record is all delimiters: beyond 64 fields nothing is made of them [rev:sec-18]', async () => {
    for (const [record, next] of [
      [','.repeat(300_000), filled.join(',')],
      [`"a\n""b",${','.repeat(300_000)}"c\n,"`, filled.join(',')],
    ] as const) {
      const { records, at } = await read(`${header}\n${record}\n${next}\n`, 65_536);
      assert.deepEqual([records[0]?.cells.length, records.length, at(records[1], 'note')], [MOST_FIELDS + 1, 2, '<note>']);
      const problem = readRow(records[0]!.cells, Object.fromEntries(COLUMNS.map((column, n) => [column, n])) as never);
      assert.ok(problem instanceof RowProblem);
      assert.deepEqual([problem.code, problem.detail], ['row-of-other-length', '> 64 / 22']);
    }
  });

  test('is read in a thread of its own: the same rows, the same refusals, and the thread ends with the file [rev:sec-18]', async () => {
    const row = filled.with(-1, 'già "più"').map((cell) => `"${cell.replaceAll('"', '""')}"`);
    const text = `${header}\n${`${row.join(',')}\n`.repeat(7)}`;
    const apart = await openCsvApart(
      Readable.from(
        Buffer.from(text)
          .toString('latin1')
          .match(/.{1,100}/gs)!
          .map((one) => Buffer.from(one, 'latin1')),
      ),
    );
    const seen: CsvRecord[] = [];
    const sizes: number[] = [];
    for await (const batch of apart.batches(3)) {
      seen.push(...batch);
      sizes.push(batch.length);
    }
    await apart.close();
    assert.deepEqual([sizes, seen], [[3, 3, 1], (await read(text)).records]);
    await assert.rejects(openCsvApart(Readable.from([Buffer.from('a,b\n')])), ImportFileError);
    const slow = await openCsvApart(Readable.from([...`${header}\n`, ...`${row.join(',')}\n`.repeat(9)].map((one) => Buffer.from(one))));
    let rows = 0;
    for await (const batch of slow.batches(1)) {
      rows += batch.length;
      // the thread reads ahead meanwhile
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await slow.close();
    assert.equal(rows, 9);
    const cut = await openCsvApart(Readable.from([Buffer.from(`${header}\n"open,`)]));
    await assert.rejects(async () => {
      for await (const batch of cut.batches(3)) assert.equal(batch.length, 0);
    }, /file-not-csv: 2/);
    await cut.close();
  });

  test('is refused beyond its bound of rows and of the length of one row', async () => {
    const file = await openCsv(Readable.from([Buffer.from(`${header}\n${'x\n'.repeat(MOST_ROWS + 1)}`)]));
    await assert.rejects(async () => {
      for await (const batch of file.batches(5_000)) assert.ok(batch.length <= 5_000);
    }, /file-too-long: 60000/);
    await fails(`${header}\n"${'x'.repeat(70_000)}"\n`, 'file-not-csv: 2');
  });
});
