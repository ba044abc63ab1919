import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { dayNumber } from '@ateneo/calendar';
import type { AutonomyScale, reporting } from '@ateneo/contracts';
import { contentHash, renderLogbookReport } from '@ateneo/pdf';
import { countersOf } from '../src/ledger/counters.rules.js';
import { figuresOf } from '../src/report/report-figures.rules.js';
import { modelOf } from '../src/report/report-page.client.js';
import { readPdf } from '@ateneo/pdf/testing';
import { setOf } from './catalogue.js';
import { ids, Log } from './log.js';

const first = { classified: { 'surgical-role': 'first-operator' }, autonomy: 'guided' };
const second = { classified: { 'surgical-role': 'second-operator' } };
const log = () =>
  new Log()
    .school('CHIR-402')
    .trainee('CHIR-402')
    .record(1, ['CHIR-402-01'], first)
    .entry(1, 'entry-submitted')
    .validate(1, first)
    .record(2, ['CHIR-402-01'], { ...second, quantity: 2 })
    .entry(2, 'entry-submitted');
const countersIn = (it: Log, day = '2026-02-01'): reporting.SetCounter[] => {
  const ledger = it.ledger();
  const enrolment = ledger.of(ids.trainee)[0];
  assert.ok(enrolment);
  return countersOf(enrolment, ledger.network, { asOf: dayNumber(day), months: 'calendar' }) ?? [];
};
const scale: AutonomyScale = {
  levels: [
    { key: 'guided', rank: 2 },
    { key: 'support', rank: 1 },
  ].map((one) => ({ ...one, name: { it: `it ${one.key}`, en: `en ${one.key}` }, description: { it: 'd', en: 'd' } })),
  surgicalRoles: [],
};
const model = (counters: reporting.SetCounter[], locale: 'it' | 'en' = 'it', set = 'CHIR-402') =>
  modelOf(
    {
      university: { it: 'Università', en: 'University' },
      school: { it: 'Chirurgia', en: 'Surgery' },
      trainee: { fullName: 'Ada Prova', studentNumber: '0012345' },
      cohort: '2021/2022',
      trainingYear: 5,
      generatedAt: '2026-02-01T09:00:00.000Z',
      requestedBy: 'Segreteria',
      reportCode: 'ab'.repeat(16),
      contentHash: contentHash(figuresOf(counters)),
      publicUrl: 'http://localhost:3000',
      scale,
      counters,
      sources: [setOf(set)],
    },
    locale,
  );
const printed = async (it: Log, locale: 'it' | 'en' = 'it', set?: string): Promise<string> => {
  const { pages } = await readPdf(await renderLogbookReport(model(countersIn(it), locale, set), { locale }));
  return pages.map(({ tagged }) => tagged.replace(/[\s\u00a0-]+/g, '')).join('');
};
const shows = (text: string, words: string) => assert.ok(text.includes(words.replace(/[\s-]+/g, '')), `not printed: ${words}`);
const hash = (it: Log, day?: string) => contentHash(figuresOf(countersIn(it, day)));

describe('what a report prints', () => {
  test('provisional figures take in what awaits validation, definitive ones do not, each split by level [res:124, res:125, res:129, res:131]', () => {
    const line = model(countersIn(log())).sets[0]?.requirements.find(({ id }) => id === 'CHIR-402-01');
    assert.deepEqual([line?.provisional.number, line?.definitive.number], [3, 1]);
    assert.deepEqual(line?.provisional.levels, [
      { level: 'support', n: 0 },
      { level: 'guided', n: 1 },
      { level: 'not-stated', n: 2 },
    ]);
    assert.deepEqual(line?.definitive.levels, [
      { level: 'support', n: 0 },
      { level: 'guided', n: 1 },
      { level: 'not-stated', n: 0 },
    ]);
  });

  test('requirement, description, minimum and percentage stand in the language of the report [res:126, res:127, res:128, res:130]', () => {
    const source = setOf('CHIR-402').requirements[0];
    for (const locale of ['it', 'en'] as const) {
      const line = model(countersIn(log()), locale).sets[0]?.requirements[0];
      assert.deepEqual(
        [line?.label, line?.description, line?.minimum],
        [source?.label[locale], source?.note?.[locale], { amount: 30, unit: locale === 'it' ? 'procedure' : 'procedures' }],
      );
      assert.equal(line?.provisional.percent, 10);
    }
  });

  test('the legend names the university’s own levels, lowest first [res:132]', () =>
    assert.deepEqual(
      model(countersIn(log()), 'en').levels.map(({ name }) => name),
      ['en support', 'en guided', 'Not stated'],
    ));

  test('attestations that are missing are told in words, and one that is there is met [count:13, count:18]', () => {
    const attested = log().entry(9, 'requirement-attested', { attestationId: 'a1', requirementId: 'CHIR-402-05', from: '2026-01-01' });
    const label = setOf('CHIR-402').requirements.find(({ id }) => id === 'CHIR-402-05')?.label.it;
    assert.ok(model(countersIn(log())).sets[0]?.missingAttestations.includes(label ?? ''));
    const set = model(countersIn(attested)).sets[0];
    assert.ok(!set?.missingAttestations.includes(label ?? ''));
    assert.deepEqual(set?.requirements.find(({ id }) => id === 'CHIR-402-05')?.definitive, {
      number: null,
      percent: null,
      state: 'met',
      levels: [],
      parts: [],
    });
  });

  test('12 of 30 and none as first operator are printed as 40%, with the failing part in words; 30 and 2 as 99% [rev:cor-2] [count:5]', async () => {
    const acts = (n: number, quantity: number, role: object) => (it: Log) =>
      it
        .record(n, ['CHIR-402-01'], { ...role, quantity })
        .entry(n, 'entry-submitted')
        .validate(n, role);
    const begun = () => new Log().school('CHIR-402').trainee('CHIR-402');
    const twelve = acts(1, 12, second)(begun());
    shows(await printed(twelve), '30 procedure 12 40% in corso');
    shows(await printed(twelve), 'primo operatore 0 di 3');
    shows(await printed(twelve, 'en'), 'first operator 0 of 3');
    const thirty = acts(2, 2, first)(acts(1, 28, second)(begun()));
    shows(await printed(thirty), '30 procedure 30 99% in corso');
    shows(await printed(thirty), 'primo operatore 2 di 3');
    const met = await printed(acts(3, 1, first)(thirty));
    shows(met, '30 procedure 31 103% raggiunto');
    assert.ok(!met.includes('primooperatore3di3'));
  });

  test('time is printed with one decimal and its unit: 5,5 of 2 semesters, 275%; 0,9 of 3 years, 30% [rev:cor-2] [count:5]', async () => {
    const spent = (set: string, rotation: string, performedTo: string) =>
      new Log()
        .school(set)
        .trainee(set)
        .record(1, [rotation], { period: true, performedFrom: '2021-11-01', performedTo })
        .entry(1, 'entry-submitted')
        .validate(1);
    shows(await printed(spent('CHIR-402', 'CHIR-402-06/rotation', '2024-07-31')), '2 semestri 5,5 275% raggiunto');
    shows(await printed(spent('MEU-68', 'MEU-68-01/rotation', '2022-09-30'), 'it', 'MEU-68'), '3 anni 0,9 30% in corso');
  });

  test('the minimum of items is printed as their sum, which the number is of [rev:cor-2] [count:5]', async () => {
    const it = new Log().school('MINT-402').trainee('MINT-402').record(1, ['MINT-402-04/paracentesis'], { quantity: 14 });
    const rule = setOf('MINT-402').requirements.find(({ id }) => id === 'MINT-402-04')?.rule;
    const items = rule?.kind === 'each_of' ? rule.items.length : 0;
    const text = await printed(it.entry(1, 'entry-submitted').validate(1), 'it', 'MINT-402');
    shows(text, `${items * 10} procedure 10 ${Math.floor(100 / items)}% in corso`);
    shows(text, 'toracentesi 0 di 10');
  });

  test('how a row is written down never changes the fingerprint of figures: reports issued before compare as they did [rev:cor-2] [arch:5]', () =>
    assert.equal(hash(log()), 'c7c5b34b5a3f447f00d40d87497f72ffd98d4424cab61f6882601d76c96fe15e'));

  test('the same figures have the same fingerprint on any day and in any language; a draft changes nothing, an entry sent does [arch:5]', () => {
    assert.equal(hash(log()), hash(log(), '2026-02-20'));
    assert.equal(hash(log().record(3, ['CHIR-402-02'], second)), hash(log()));
    assert.notEqual(hash(log().record(3, ['CHIR-402-02'], second).entry(3, 'entry-submitted')), hash(log()));
  });

  test('the same code, instant, requester, language and figures give the same bytes; a protocol number gives others [arch:5, svc:4.2]', async () => {
    const [one, two, registered] = await Promise.all(
      [{}, {}, { protocolNumber: '0000123/2026' }].map((more) =>
        renderLogbookReport({ ...model(countersIn(log())), ...more }, { locale: 'it' }),
      ),
    );
    assert.deepEqual(one, two);
    assert.notDeepEqual(one, registered);
  });
});
