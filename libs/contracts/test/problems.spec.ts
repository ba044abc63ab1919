import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { GENERAL_PROBLEMS, OPERATIONS } from '../src/index.js';
import { ENGLISH } from '../src/problem-texts/en.js';
import { ITALIAN } from '../src/problem-texts/it.js';

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
});
