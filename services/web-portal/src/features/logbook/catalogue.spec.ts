import type { Activity } from '@ateneo/contracts';
import assert from 'node:assert/strict';
import { catalogueOf } from './catalogue.js';

const activity = (code: string, it: string, en: string): Activity => ({
  code,
  setId: 'S',
  label: { it, en },
  kind: 'act',
  feeds: [],
  unit: 'procedures',
  bulk: false,
  requires: [],
  simulationAllowed: false,
});
const catalogue = catalogueOf(
  [
    activity('CHIR-01', 'Colecistectomia videolaparoscopica', 'Laparoscopic cholecystectomy'),
    activity('CHIR-02', 'Ecografia addome', 'Abdominal ultrasound'),
    activity('CHIR-03', 'Ecografia tiroide', 'Thyroid ultrasound'),
  ],
  ({ label }) => label.it,
  new Set(['CHIR-03']),
);
const found = (text: string) => catalogue.search(text).map(({ code }) => code);

describe('searching an activity', () => {
  test('a few letters are enough', () => assert.deepEqual(found('colec'), ['CHIR-01']));
  test('typos are forgiven', () => assert.equal(found('colecistetcomia')[0], 'CHIR-01'));
  test('a typo in a word that is not finished is forgiven', () => {
    assert.equal(found('colecs')[0], 'CHIR-01');
    assert.equal(found('cholicyst')[0], 'CHIR-01');
    assert.deepEqual(found('xyz'), []);
  });
  test('words of the other language and codes are found too', () => {
    assert.equal(found('thyroid')[0], 'CHIR-03');
    assert.equal(found('CHIR-02')[0], 'CHIR-02');
  });
  test('among equals what was logged lately comes first', () => assert.deepEqual(found('ecografia'), ['CHIR-03', 'CHIR-02']));
});
