import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isTaxCode, patientDataIn } from './patient-data.rules.js';

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

describe('patient data in free text', () => {
  for (const text of REFUSED) test(`«${text}» is refused [count:26] [res:E2.13]`, () => assert.notEqual(patientDataIn(text), undefined));
  for (const text of ALLOWED) test(`«${text}» is allowed [count:26]`, () => assert.equal(patientDataIn(text), undefined));

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
