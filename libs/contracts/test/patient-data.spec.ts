import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isTaxCode, patientDataIn } from '../src/patient-data.js';

const REFUSED = [
  'RSSMRA80A01H501U operata stamattina',
  'cf rssmra80a01h501u',
  'codice RSSMRA80A01H50MM',
  'RSS MRA 80A01 H501 U',
  'cartella 2026001234',
  'nosologico 1234567',
  'nato il 12/03/1948',
  'nata a Roma il 4-5-1961',
  'Nata il 4 maggio 1961, ricoverata ieri',
  'data di nascita: 01.02.1950',
  'ddn 3/4/55',
  'paziente Rossi, colecisti flogosata',
  'Paziente: Bianchi Maria',
  'pz Verdi in terza giornata',
  'Pz. Neri stabile',
  'PAZIENTE ROSSI',
  'la paziente sig.ra Ferrari',
  'paziente De Luca, seconda operazione',
  'pazienti Russo e Gallo',
  'patient Smith, second look',
];
const ALLOWED = [
  'paziente stabile',
  'TC torace 12/03/2026',
  'protocollo Milano',
  'pz in terza giornata, decorso regolare',
  'Paziente ASA III, intubazione difficile',
  'paziente Child B con ascite',
  'intervento del 12-03-2026 senza complicanze',
  'PA 120/80, FC 72, SpO2 98',
  'drenaggio rimosso dopo 48 ore, 250 ml',
  'ecografia FAST negativa',
  'paziente di 74 anni, cardiopatico',
  'due pazienti in sequenza, stesso accesso',
  'rivalutazione a 30 giorni',
  'score 123456 della scala locale',
  'appendicite acuta, VLS convertita',
  'nato pretermine a 32 settimane',
  'pz. critico, supporto vasopressorio',
  'discusso con il dott. Conti in riunione',
  'Paziente COVID negativo',
  'procedura ripetuta 3 volte, tutor presente',
];

/** The same said so that it reads alike, in other characters. Escapes, for most of them show nothing. */
const DISGUISED: Readonly<Record<string, string>> = {
  'zero-width characters inside a tax code': 'operata RSSMRA\u200b80A01\u200dH501U',
  'a soft hyphen inside a tax code': 'operata RSSMRA80\u00adA01H501U',
  'a combining mark inside a tax code': 'operata RSS\u0332MRA80A01H501U',
  'a filler that shows nothing inside a tax code': 'operata RSSMRA\u316480A01H501U',
  'full-width letters and digits': '\uff32\uff33\uff33\uff2d\uff32\uff21\uff18\uff10\uff21\uff10\uff11\uff28\uff15\uff10\uff11\uff35',
  'a Cyrillic letter in a tax code': 'operata RSSMR\u041080A01H501U',
  'a small Cyrillic letter in a tax code': 'operata rssmr\u043080a01h501u',
  'a Greek letter in a tax code': 'operata RSS\u039cRA80A01H501U',
  'dashes of print in a tax code': 'operata RSS\u2013MRA\u201380A01\u2013H501U',
  'Arabic digits in a row': 'cartella \u0661\u0662\u0663\u0664\u0665\u0666\u0667',
  'a zero-width space in a long number': 'cartella 2026\u200b001234',
  'Devanagari digits in a day of birth': 'nato il \u0967\u0968/\u0966\u0969/\u0967\u096f\u096a\u096e',
  'a day of birth without «di»': 'data nascita 01/01/1980',
  'a slash of fractions in a day of birth': 'nata il 4\u20445\u20441961',
  'a Cyrillic letter in «paziente»': 'p\u0430ziente Rossi stabile',
  'a soft hyphen in «paziente»': 'pazi\u00adente Rossi stabile',
};

describe('patient data in free text', () => {
  for (const text of REFUSED) test(`«${text}» is refused [count:26] [res:E2.13]`, () => assert.notEqual(patientDataIn(text), undefined));
  for (const text of ALLOWED) test(`«${text}» is allowed [count:26]`, () => assert.equal(patientDataIn(text), undefined));
  for (const [how, text] of Object.entries(DISGUISED))
    test(`${how} hides nothing of a patient [rev:sec-low]`, () => assert.notEqual(patientDataIn(text), undefined));
  for (const text of ['β-bloccante in terapia', 'TC del 12–03–2026, 10⁶ cellule/µl', 'перитонит, appendice già perforata'])
    test(`«${text}» is allowed in whatever letters [rev:sec-low]`, () => assert.equal(patientDataIn(text), undefined));

  test('letters in the middle of a longer word make no tax code, whatever they spell [count:26]', () => {
    const homocode = 'RSSMRAULALMRMNMX';
    const codes = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'].map((letter) => `${homocode.slice(0, 15)}${letter}`).filter(isTaxCode);
    assert.equal(codes.length, 1);
    assert.equal(patientDataIn(`codice ${codes[0]} annotato`), 'tax-code');
    assert.equal(patientDataIn(`sequenza xx${codes[0]?.toLowerCase()}yy annotata`), undefined);
  });

  test('a code of the right shape with a wrong check letter is no tax code [count:26]', () => {
    assert.ok(isTaxCode('RSSMRA80A01H501U'));
    assert.ok(!isTaxCode('RSSMRA80A01H501X'));
    assert.equal(patientDataIn('RSSMRA80A01H501X'), undefined);
  });
});
