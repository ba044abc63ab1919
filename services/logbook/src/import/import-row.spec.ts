import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { openCsv } from './csv-file.client.js';
import { type Column, COLUMNS, readHeader } from './import-columns.rules.js';
import { canonicalNumber, dayFrom, type ImportRow, readRow, RowProblem } from './import-row.rules.js';

const header = readHeader(COLUMNS) as Record<Column, number>;
const row = (said: Partial<Record<Column, string>>) =>
  readRow(
    COLUMNS.map(
      (column) =>
        ({ external_id: 'x', student_number: '7', performed_on: said.period_from ? '' : '2025-03-10', activities: 'A-1', ...said })[
          column
        ] ?? '',
    ),
    header,
  );
const good = (said: Partial<Record<Column, string>>): ImportRow => {
  const read = row(said);
  assert.ok(!(read instanceof RowProblem), JSON.stringify(read));
  return read;
};
const refused = (said: Partial<Record<Column, string>>, column: Column, code: string) => {
  const read = row(said);
  assert.deepEqual(read instanceof RowProblem && [read.column, read.code], [column, code]);
};

describe('a row of an import', () => {
  test('days are written YYYY-MM-DD or DD/MM/YYYY and exist', () => {
    assert.equal(dayFrom('2024-02-29'), '2024-02-29');
    assert.equal(dayFrom('29/2/2024'), '2024-02-29');
    for (const none of ['2025-02-29', '31/04/2025', '2025/01/01', '01-02-2025', 'ieri']) assert.equal(dayFrom(none), undefined, none);
    refused({ performed_on: '2025-02-29' }, 'performed_on', 'date-unreadable');
  });

  test('an act has one day and a period two; half a period and both at once are refused [count:20]', () => {
    assert.deepEqual([good({}).period, good({ period_from: '2025-01-01', period_to: '2025-02-01' }).period], [false, true]);
    refused({ period_from: '2025-01-01' }, 'period_to', 'date-missing');
    refused({ performed_on: '' }, 'performed_on', 'date-missing');
    refused({ period_from: '2025-01-01', period_to: '2025-02-01', performed_on: '2025-01-01' }, 'performed_on', 'dates-of-act-and-period');
  });

  test('an external id is a code: no blank, no sentence, no tax code, at most 120 characters [rev:sec-4]', () => {
    for (const id of ['x', 'SALA-2024-0001', 'a.b_c:d/e-9', '20260001234', 'a'.repeat(120)])
      assert.equal(good({ external_id: id }).externalId, id);
    for (const id of [
      'Marchetti Chiara',
      'paziente Verdi',
      'Ärzte-1',
      '-x',
      'r1;r2',
      'a@b',
      'nato 01/01/1980',
      'RSSMRA80A01H501U',
      'r/RSSMRA80A01H501U/2',
    ])
      refused({ external_id: id }, 'external_id', 'external-id-not-a-code');
    refused({ external_id: 'a'.repeat(121) }, 'external_id', 'value-too-long');
  });

  test('a classified value is a code of the catalogue, not a sentence [rev:sec-4]', () => {
    assert.deepEqual(good({ setting: 'cardiac-intensive-care' }).classified, { setting: 'cardiac-intensive-care' });
    refused({ diagnosis: 'Mario Rossi, neoplasia' }, 'diagnosis', 'value-not-a-code');
  });

  test('truth is told in Italian, English or digits', () => {
    for (const yes of ['true', 'sì', 'Sì', 'SI', '1']) assert.equal(good({ simulated: yes }).simulated, true);
    for (const no of ['false', 'No', '0', '']) assert.equal(good({ simulated: no }).simulated, false);
    refused({ simulated: 'forse' }, 'simulated', 'value-unknown');
  });

  test('credits take a dot or a comma, in quarters, never below zero [count:20]', () => {
    assert.deepEqual([good({ credits: '1,5' }).credits, good({ credits: '0.25' }).credits, good({}).credits], [1.5, 0.25, null]);
    refused({ credits: '-1' }, 'credits', 'credits-out-of-range');
    refused({ credits: '1.1' }, 'credits', 'credits-out-of-range');
    refused({ credits: '1.000,5' }, 'credits', 'number-unreadable');
  });

  test('empty cells say nothing', () => {
    const { kind, quantity, state, unit, autonomy, classified, validator, note } = good({});
    assert.deepEqual(
      { kind, quantity, state, unit, autonomy, classified, validator, note },
      { kind: 'professional', quantity: 1, state: 'draft', unit: null, autonomy: null, classified: {}, validator: null, note: '' },
    );
  });

  test('several activities stand apart by a bar', () => {
    assert.deepEqual(good({ activities: ' A-1 | B/c|D ' }).activities, ['A-1', 'B/c', 'D']);
    refused({ activities: ' | ' }, 'activities', 'value-missing');
  });

  test('leading zeros do not tell student numbers apart [svc:4.7]', () => {
    assert.equal(canonicalNumber(' 0012345 '), canonicalNumber('12345'));
    assert.equal(canonicalNumber('000'), canonicalNumber('0'));
    assert.notEqual(canonicalNumber('10'), canonicalNumber('1'));
  });

  test('a row of another length is refused as a whole', () => {
    const read = readRow(['x'], header);
    assert.deepEqual(read instanceof RowProblem && [read.column, read.code], [null, 'row-of-other-length']);
  });

  test('the sample of the documentation reads', async () => {
    const file = await openCsv(Readable.from([await readFile(new URL('../../../../docs/samples/import.csv', import.meta.url))]));
    for await (const batch of file.batches(100))
      for (const { cells, line } of batch) assert.ok(!(readRow(cells, file.header) instanceof RowProblem), `line ${line}`);
  });
});
