import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { GENERAL_PROBLEMS, OPERATIONS } from '../src/index.js';
import { ENGLISH, ENGLISH_SENTENCES, inEnglish } from '../src/problem-texts/en.js';
import { inItalian, ITALIAN, ITALIAN_SENTENCES } from '../src/problem-texts/it.js';

const both = [ITALIAN, ENGLISH].map((texts) => Object.entries(texts));

describe('the sentences of problems', () => {
  test('there is one in each language for every refusal and every general problem, and for nothing else [rev:cor-7]', () => {
    const codes = [...new Set([...Object.keys(GENERAL_PROBLEMS), ...OPERATIONS.flatMap(({ refusals }) => Object.keys(refusals))])].sort();
    for (const texts of both) assert.deepEqual(texts.map(([code]) => code).sort(), codes);
  });
  test('each is a sentence of its own, and the two languages differ [rev:cor-7]', () => {
    for (const texts of both) {
      assert.equal(new Set(texts.map(([, text]) => text)).size, texts.length);
      for (const [code, text] of texts) assert.match(text, /^\p{Lu}.{10,}\.$/u, code);
    }
    for (const [code, text] of Object.entries(ITALIAN)) assert.notEqual(ENGLISH[code as keyof typeof ENGLISH], text, code);
  });
  test('a refusal names its days, numbers and codes as the language writes them [rev:cor-7]', () => {
    const days = { from: '2026-03-01', to: '2026-11-09' };
    assert.match(inItalian('already-attested', days), /\(dal 1 marzo 2026\) \(fino al 9 novembre 2026\): se/);
    assert.match(inItalian('already-attested', { from: '2026-03-01', to: null }), /\(dal 1 marzo 2026\): se/);
    assert.match(inEnglish('already-attested', days), /\(from 1 March 2026\) \(to 9 November 2026\): withdraw/);
    assert.match(inItalian('outside-contract', days), /fine, dal 1 marzo 2026 al 9 novembre 2026\.$/);
    assert.match(inEnglish('quantity-out-of-range', { most: 1_500 }), /, at most 1,500\.$/);
    assert.match(inItalian('cross-credit-due', { targets: ['CHIR-402-01', 'CHIR-402-02'] }), /: CHIR-402-01, CHIR-402-02\.$/);
    assert.match(inItalian('file-too-large', { maxBytes: 64 * 1_048_576 }), /\(al massimo 64 MiB\):/);
  });
  test('what somebody may have typed is not repeated, and a sentence without its values is whole [rev:cor-7]', () => {
    assert.equal(inItalian('activity-not-in-catalogue', { activity: 'Rossi Màrio, «nato»' }), ITALIAN['activity-not-in-catalogue']);
    assert.equal(inItalian('outside-contract', { from: '2026-03-01' }), ITALIAN['outside-contract']);
    for (const texts of both) for (const [code, text] of texts) assert.doesNotMatch(text, /[[\]{}]| [,.:]/, code);
  });
  test('both languages name the same values, each in a part that can be left out [rev:cor-7]', () => {
    const named = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();
    for (const [code, text] of Object.entries(ITALIAN_SENTENCES)) {
      const english = ENGLISH_SENTENCES[code as keyof typeof ENGLISH_SENTENCES];
      assert.deepEqual(named(english), named(text), code);
      for (const one of [text, english]) assert.deepEqual(named(one.replaceAll(/\[[^\]]*\]/g, '')), [], code);
    }
  });
});
