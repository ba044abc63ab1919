import assert from 'node:assert/strict';
import { csvOf } from './csv.js';

describe('rows to fix as a file', () => {
  test('cells are quoted, quotes doubled, and the mark of UTF-8 stands first', () => {
    assert.equal(
      csvOf([
        ['Riga', 'Che cosa'],
        ['3', 'manca "kind"; riprova\nqui'],
      ]),
      '\uFEFF"Riga";"Che cosa"\r\n"3";"manca ""kind""; riprova\nqui"\r\n',
    );
  });
  test('what a spreadsheet would run as a formula is written as text', () => {
    assert.equal(csvOf([['=1+1', '@SUM(A1)', '-2', 'A-2']]), `\uFEFF"'=1+1";"'@SUM(A1)";"'-2";"A-2"\r\n`);
  });
});
