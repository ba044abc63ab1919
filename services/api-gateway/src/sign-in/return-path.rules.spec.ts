import assert from 'node:assert/strict';
import fc from 'fast-check';
import { localPath } from './return-path.rules.js';

const PUBLIC_URLS = ['https://ateneo.example', 'http://localhost:3000'];
const staysHere = (path: string): boolean =>
  PUBLIC_URLS.every((publicUrl) => new URL(path, `${publicUrl}/auth/callback`).origin === publicUrl);
/** Pieces of which addresses that lead elsewhere are made. */
const PIECES = ['/', '//', '\\', '.', '..', '%2f', '%2F', '%5c', '%5C', '%2e', '%09', '\t', '\n', '\r', '\0', ' ', '@', ':', '?', '#'];
const hostile = fc
  .array(
    fc.oneof(fc.constantFrom(...PIECES, 'evil.example', 'https:', 'home', 'javascript:', '／', '＼', '。'), fc.string({ maxLength: 3 })),
    {
      maxLength: 12,
    },
  )
  .map((pieces) => pieces.join(''));

describe('the place to come back to after a sign-in', () => {
  for (const path of [
    '/..//evil.example',
    '/.//evil.example',
    '/home/..//evil.example',
    '/a/../..//evil.example/x',
    '/%2e%2e//evil.example',
    '/./\\evil.example',
    '/%2f%2fevil.example',
    '/%252f/evil.example',
    '/%5cevil.example',
    '/.%09//evil.example',
    '/\t/evil.example',
    '/ok/..//\\evil.example',
    '//evil.example',
    'https://evil.example',
    'home',
    '',
  ]) {
    test(`is never ${JSON.stringify(path)} [rev:sec-1]`, () => assert.equal(localPath(path), undefined));
  }

  test('whatever the text, what is answered leads to this site and is one plain path [rev:sec-1]', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          hostile,
          hostile.map((text) => `/${text}`),
          fc.webUrl(),
          fc.string(),
        ),
        (text) => {
          const path = localPath(text);
          return path === undefined || (/^\/(?![/\\])/.test(path) && staysHere(path));
        },
      ),
      { numRuns: 5_000 },
    );
  });

  for (const path of ['/', '/home', '/trainees?sort=name&to=//x', '/entries/0198#notes', '/a/b%20c', '/città?q=%2F%2F'])
    test(`may be ${path}`, () => assert.ok(localPath(path)));
});
