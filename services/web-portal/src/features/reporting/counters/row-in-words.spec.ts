import assert from 'node:assert/strict';
import { formatter } from '../../../i18n/format.js';
import { loadMessages } from '../../../i18n/load-messages.js';
import { translator, type Locale } from '../../../i18n/messages.js';
import type { Requirement } from './requirement-state.js';
import { rowInWords } from './row-in-words.js';

type Figure = Requirement['definitive'];
const first = { key: 'first-operator', label: { it: 'primo operatore', en: 'first operator' }, met: false };
const figure = (part: Partial<Figure>): Figure => ({
  ...{ n: 0, achieved: 0, number: 0, minimum: null, percent: null, progress: null, met: false, levels: {}, parts: [], failing: [] },
  ...part,
});
const said = async (locale: Locale, part: Partial<Figure>) =>
  rowInWords(figure(part), translator(locale, await loadMessages(locale)), formatter(locale)).replaceAll(/\s%/g, '%');

describe('a row of the counters in words', () => {
  const twelve = { number: 12, minimum: 30, percent: 40, failing: [{ ...first, n: 0, number: 0, minimum: 3 }] };
  test('number, minimum, percentage, and the failing part with its own numbers [rev:cor-2] [count:5]', async () => {
    assert.equal(await said('it', twelve), '12 di 30 · 40%, primo operatore 0 di 3');
    assert.equal(await said('en', twelve), '12 of 30 · 40%, first operator 0 of 3');
    const thirty = { number: 30, minimum: 30, percent: 99, failing: [{ ...first, n: 2, number: 2, minimum: 3 }] };
    assert.equal(await said('it', thirty), '30 di 30 · 99%, primo operatore 2 di 3');
  });
  test('time with its unit, as it was counted [rev:cor-2] [count:5]', async () => {
    assert.equal(await said('it', { number: 5.5, minimum: 2, unit: 'semesters', percent: 275, met: true }), '5,5 di 2 semestri · 275%');
    assert.equal(await said('it', { number: 0.9, minimum: 3, unit: 'years', percent: 30 }), '0,9 di 3 anni · 30%');
    const duration = {
      key: 'duration',
      label: { it: 'durata', en: 'duration' },
      n: 1,
      number: 1.4,
      unit: 'months',
      minimum: 2,
      met: false,
    };
    const row = { number: 250, minimum: 250, percent: 99, failing: [duration] };
    assert.equal(await said('it', row), '250 di 250 · 99%, durata 1,4 di 2 mesi');
  });
  test('without a minimum the number stands alone [rev:cor-2] [count:27]', async () => assert.equal(await said('it', { number: 7 }), '7'));
});
