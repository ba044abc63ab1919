import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { contentHash, displayCode, displayNumber, renderLogbookReport, type ReportModel } from '../src/index.js';
import { prepareVeraPdf, verifyPdfUa } from '../../workspace/src/verapdf.mjs';
import { find, readPdf } from '../src/testing.js';
import { sampleReport } from './sample-report.js';

const emergency = sampleReport('MEU-68', 'it');
const rendered = await renderLogbookReport(emergency, { locale: 'it' });
const report = await readPdf(rendered);
const tagged = report.pages.map((page) => page.tagged).join(' ');
const flat = (text: string) => text.replace(/[\s\u00a0-]+/g, '');
const shows = (text: string, words: string) => assert.ok(flat(text).includes(flat(words)), `not printed: ${words}`);
const changed = (change: (model: ReportModel) => void, setId = 'CHIR-402'): ReportModel => {
  const model = structuredClone(sampleReport(setId, 'it'));
  change(model);
  return model;
};
const textOf = async (model: ReportModel) =>
  (await readPdf(await renderLogbookReport(model, { locale: 'it' }))).pages.map((page) => page.tagged).join(' ');

const withLevels = (count: number) =>
  changed((model) => {
    const names = ['Osservazione', 'Assistenza con supervisione diretta', 'Collaborazione', 'Esecuzione supervisionata'];
    model.levels = Array.from({ length: count }, (_, index) => ({
      key: `${index}`,
      name: names[index % 4]!,
      description: 'Descrizione. '.repeat(30),
    }));
  });

describe('the report of a logbook', () => {
  test('the same model gives the same bytes [arch:5]', async () => {
    assert.deepEqual(await renderLogbookReport(structuredClone(emergency), { locale: 'it' }), rendered);
  });

  test('one file holds the provisional and the definitive table [res:123] [res:124] [res:125]', () => {
    assert.equal(find(report.structure, 'Table').length, 3);
    shows(tagged, 'Contatori provvisori');
    shows(tagged, 'Contatori definitivi');
    shows(tagged, 'Attività inviate, comprese le convalidate');
    shows(tagged, 'Attività convalidate');
  });

  test('every requirement is printed in both tables with its label, description and minimum [res:126] [res:127] [res:128]', () => {
    for (const { id, label, description, minimum } of emergency.sets[0]!.requirements) {
      assert.equal(flat(tagged).split(flat(id + label)).length, 3, id);
      if (description) shows(tagged, description);
      if (minimum) shows(tagged, `${displayNumber(minimum.amount, 'it')} ${minimum.unit}`);
    }
  });

  test('number, percentage and counts by level are printed as given, above 100 too [res:129] [res:130] [res:131] [count:5]', async () => {
    const text = await textOf(
      changed((model) => {
        const figures = model.sets[0]!.requirements[0]!.provisional;
        Object.assign(figures, { number: 12_345, percent: 317, state: 'met' });
        figures.levels = model.levels.map(({ key }, index) => ({ level: key, n: 8101 + index }));
      }),
    );
    for (const words of ['12.345 317% raggiunto 8.101 8.102 8.103 8.104']) shows(text, words);
  });

  test('a figure is cut, never rounded up, so an unmet minimum is not printed as met [count:5]', () => {
    assert.equal(displayNumber(1.96, 'it'), '1,9');
    assert.equal(displayNumber(11.999, 'en'), '11.9');
    assert.equal(displayNumber(1_234_567, 'en'), '1,234,567');
    assert.equal(displayNumber(0.3, 'it'), '0,3');
  });

  test('the parts of a rule have lines of their own [count:4]', async () => {
    const part = { label: 'di cui primo operatore', number: 1, minimum: 3, met: false };
    const text = await textOf(changed((model) => (model.sets[0]!.requirements[0]!.definitive.parts = [part])));
    shows(text, 'di cui primo operatore 1 di 3 3 1');
    const { met: _met, ...kept } = part;
    const before = await textOf(changed((model) => (model.sets[0]!.requirements[0]!.definitive.parts = [kept])));
    shows(before, 'di cui primo operatore 3 1');
    const time = { label: 'durata', number: 1.4, minimum: 2, unit: 'mesi', met: false };
    const rest = { label: 'secondo operatore', number: 7, minimum: null, met: true };
    const three = changed((model) => (model.sets[0]!.requirements[0]!.definitive.parts = [{ ...part, number: 4, met: true }, time, rest]));
    for (const words of ['di cui primo operatore 3 4', 'durata 1,4 di 2 mesi', 'secondo operatore 7']) shows(await textOf(three), words);
  });

  test("the university's own levels are printed with their description [res:132]", () => {
    for (const { name, description } of emergency.levels) shows(tagged, name + description);
  });

  test('the table holds as many level columns as the university has, none included [res:131]', async () => {
    for (const levels of [0, 1, 7]) {
      const { structure } = await readPdf(await renderLogbookReport(withLevels(levels), { locale: 'it' }));
      const rows = find(find(structure, 'TBody'), 'TR').slice(1);
      assert.ok(rows.every(({ children }) => children.length === 5 + levels));
    }
  });

  test('a requirement declared not applicable is printed as such with its act [count:16]', async () => {
    const text = await textOf(sampleReport('CHIR-402', 'it'));
    shows(text, 'Non applicabile (delibera del Consiglio n. 12/2026): sede senza laboratorio anatomico.');
  });

  test('missing attestations and a missing track are told in words [count:14] [count:18]', async () => {
    const paediatrics = await textOf(sampleReport('PED-402', 'it'));
    shows(paediatrics, 'Il percorso elettivo non è stato ancora scelto');
    const [set] = emergency.sets;
    assert.ok(set!.missingAttestations.length > 0);
    shows(tagged, `Attestazioni mancanti: ${set!.missingAttestations.join('; ')}`);
  });

  test('core set and supplements are printed apart, each with act, version and percentage [count:17]', async () => {
    const text = await textOf(sampleReport('PSI-402', 'it'));
    for (const { act, version, id } of sampleReport('PSI-402', 'it').sets) {
      shows(text, `${act}, versione ${version}`);
      shows(text, id);
    }
  });

  test('figures not yet compared with the official text carry a sign explained below the table', () => {
    const unverified = emergency.sets[0]!.requirements.filter(({ verify }) => verify).length;
    assert.equal(tagged.split('†').length - 1, 2 * (unverified + 1));
  });

  test('code, fingerprint, protocol number, instant in Europe/Rome and requester are printed [arch:5]', () => {
    for (const words of [
      displayCode(emergency.reportCode),
      emergency.contentHash,
      '0000123/2026',
      '21 novembre 2026 alle ore 00:30',
      emergency.requestedBy,
    ])
      shows(tagged, words);
    assert.equal(displayCode(emergency.reportCode), '3F2A-91C0-4B7D-E816-5A0C-9D2E-7714-B3F8');
  });

  test('every page repeats the head of the table and says which page of how many it is', () => {
    const { pages } = report;
    pages.forEach(({ artifacts }, index) => shows(artifacts, `pagina ${index + 1} di ${pages.length}`));
    const heads = pages.slice(1).map(({ tagged, artifacts }) => tagged + artifacts);
    for (const page of heads) shows(page, 'Requisito minimo');
    assert.ok(pages.some(({ artifacts }) => artifacts.includes('(segue)')));
  });

  test('headings, header cells with scope, lists, the figure and the link are tagged', () => {
    const { structure } = report;
    assert.equal(find(structure, 'H1').length, 1);
    assert.equal(find(structure, 'H3').length, 2);
    const heads = find(structure, 'TH');
    assert.ok(heads.every(({ attributes }) => ['/Column', '/Row'].includes(attributes.Scope!)));
    assert.ok(heads.some(({ attributes }) => attributes.ColSpan === '4'));
    assert.match(find(structure, 'Figure')[0]!.alt!, /https:\/\/ateneo\.example\.org\/verify\//);
    assert.equal(find(structure, 'Link').length, 1);
    assert.equal(find(structure, 'LI').length, 7 + emergency.levels.length);
  });

  test('letters without a glyph and signs of XML in a name do not break the document', async () => {
    const text = await textOf(changed((model) => (model.trainee.fullName = 'Zoë <Łucja> & Мария')));
    shows(text, 'Zoë <Łucja> & ?????');
  });

  test('a changed figure changes the content hash, the order of keys does not [arch:5]', () => {
    const figures = { a: 1, b: { c: [1, 2, 3.5], d: 'è' } };
    assert.equal(contentHash(figures), contentHash({ b: { d: 'è', c: [1, 2, 3.5] }, a: 1 }));
    assert.notEqual(contentHash(figures), contentHash({ ...figures, a: 2 }));
    assert.equal(contentHash({}), '44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a');
    assert.throws(() => contentHash(undefined), TypeError);
  });
});

describe('accessibility', () => {
  const veraPdf = prepareVeraPdf();
  test('the reports of both languages pass PDF/UA-1 by veraPDF', { skip: veraPdf.available ? false : veraPdf.because }, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ateneo-pdf-'));
    try {
      const files: string[] = [];
      for (const setId of ['MEU-68', 'CHIR-402', 'ANES-402', 'PED-402', 'PSI-402'])
        for (const locale of ['it', 'en'] as const) {
          const model = sampleReport(setId, locale);
          if (setId === 'CHIR-402') model.trainee.fullName = 'Zoë <Łucja> & Мария';
          files.push(join(folder, `${setId}-${locale}.pdf`));
          writeFileSync(files.at(-1)!, await renderLogbookReport(model, { locale }));
        }
      for (const levels of [0, 1, 7]) {
        files.push(join(folder, `levels-${levels}.pdf`));
        writeFileSync(files.at(-1)!, await renderLogbookReport(withLevels(levels), { locale: 'it' }));
      }
      const results = await verifyPdfUa(files);
      assert.deepEqual(
        results.filter(({ passed }) => !passed),
        [],
      );
      assert.equal(results.length, files.length);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
