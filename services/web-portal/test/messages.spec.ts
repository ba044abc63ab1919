import { OPERATIONS } from '@ateneo/contracts';
import { sentenceOf } from '@ateneo/contracts/problem-texts/sentence';
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { en } from '../src/i18n/en/index.js';
import { it } from '../src/i18n/it/index.js';
import { translator, type Message } from '../src/i18n/messages.js';
import { hardCodedIn, keysUsedIn, sourcesIn } from './source-text.js';

const sources = [
  ...sourcesIn('services/web-portal/src').filter((path) => !path.includes('/i18n/it/') && !path.includes('/i18n/en/')),
  ...sourcesIn('libs/ui/src'),
];
const placeholders = (message: Message): string[] =>
  [...new Set((typeof message === 'string' ? message : message.other).match(/\{\w+\}/g) ?? [])].sort();

describe('messages', () => {
  test('Italian and English have the same keys with the same parameters', () => {
    assert.deepEqual(Object.keys(en).sort(), Object.keys(it).sort());
    for (const [key, message] of Object.entries(it)) assert.deepEqual(placeholders(en[key as keyof typeof it]), placeholders(message), key);
  });
  test('no key is declared in two files', () => {
    const declared = sourcesIn('services/web-portal/src/i18n/it')
      .filter((path) => !path.endsWith('index.ts'))
      .flatMap((path) => keysUsedIn(path).exact.filter((key) => key in it));
    assert.deepEqual(
      declared.filter((key, index) => declared.indexOf(key) !== index),
      [],
    );
  });
  test('no message is empty and no message is unused', () => {
    const used = sources.map(keysUsedIn);
    const exact = new Set(used.flatMap((each) => each.exact));
    const patterns = used.flatMap((each) => each.patterns);
    const unused = Object.keys(it).filter((key) => !exact.has(key) && !patterns.some((pattern) => pattern.test(key)));
    assert.deepEqual(unused, []);
    for (const message of [...Object.values(it), ...Object.values(en)])
      assert.ok(typeof message === 'string' ? message : message.one && message.other);
  });
  test('no component writes a sentence by itself', () => {
    assert.deepEqual(sources.flatMap(hardCodedIn), []);
  });
  test('every refusal of the contracts has a sentence in both languages', () => {
    const codes = OPERATIONS.filter(({ http }) => http).flatMap(({ refusals }) => Object.keys(refusals));
    assert.deepEqual(
      codes.filter((code) => !(`refusal.${code}` in it)),
      [],
    );
  });
  test('a sentence that a refusal fills in is never asked for without it: by its code alone [rev:cor-7]', () => {
    const exact = sources.flatMap((path) => keysUsedIn(path).exact).filter((key) => key.startsWith('refusal.'));
    assert.deepEqual(
      exact.filter((key) => /[[\]]/.test(String(it[key as keyof typeof it]))),
      [],
    );
    assert.match(sentenceOf(it['refusal.already-attested'], { from: '2026-03-01' }, 'it'), /\(dal 1 marzo 2026\): se/);
  });
  test('a number chooses the form of the sentence and is written as the language writes it', () => {
    assert.equal(translator('it', it)('ui.results', { n: 1 }), '1 risultato');
    assert.equal(translator('it', it)('ui.results', { n: 12500 }), '12.500 risultati');
    assert.equal(translator('en', en)('ui.results', { n: 12500 }), '12,500 results');
  });
});
