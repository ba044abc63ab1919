import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';

const kib = 1024;
const firstRoute = ['front-page', 'verify', 'new-entry'];

describe('weight of the first route', () => {
  let out = '';
  const read = (name: string) => readFileSync(join(out, 'assets', name));
  const assets = () => readdirSync(join(out, 'assets'));
  const weigh = (names: readonly string[]) => names.reduce((sum, name) => sum + gzipSync(read(name)).length, 0);

  before(async () => {
    out = mkdtempSync(join(tmpdir(), 'ateneo-portal-'));
    await build({ root: new URL('..', import.meta.url).pathname, logLevel: 'error', build: { outDir: out, emptyOutDir: true } });
  });
  after(() => rmSync(out, { recursive: true, force: true }));

  const statically = (name: string, seen = new Set<string>()): Set<string> => {
    if (seen.has(name)) return seen;
    seen.add(name);
    for (const [, imported] of read(name)
      .toString()
      .matchAll(/(?:from|import)\s*["']\.\/([\w.-]+\.js)["']/g))
      if (imported) statically(imported, seen);
    return seen;
  };
  const entry = () => /src="\/assets\/([\w.-]+\.js)"/.exec(readFileSync(join(out, 'index.html'), 'utf8'))?.[1] ?? '';
  const chunk = (prefix: string) => assets().find((name) => name.startsWith(`${prefix}-`) && name.endsWith('.js')) ?? '';

  for (const page of firstRoute)
    test(`scripts of ${page} are at most 200 KiB with a language`, () => {
      const names = new Set([...statically(entry()), ...statically(chunk(page)), chunk('it')]);
      assert.ok(weigh([...names]) <= 200 * kib, `${weigh([...names])} bytes`);
    });
  test('styles are at most 40 KiB', () => {
    assert.ok(weigh(assets().filter((name) => name.endsWith('.css'))) <= 40 * kib);
  });
  test('fonts are at most 60 KiB', () => {
    assert.ok(weigh(assets().filter((name) => name.endsWith('.woff2'))) <= 60 * kib);
  });
  test('zod does not reach the browser, and no page asks another host for anything', () => {
    const all = assets()
      .filter((name) => /\.(js|css)$/.test(name))
      .map((name) => read(name).toString());
    assert.ok(all.every((text) => !text.includes('ZodError')));
    for (const text of all)
      assert.doesNotMatch(text, /(?:src|href|url\(|import\(|fetch\()\s*=?\s*["'(]?https?:\/\/(?!www\.w3\.org|reactrouter\.com|react\.dev)/);
  });
  test('the page holds no inline script and no inline style', () => {
    const html = readFileSync(join(out, 'index.html'), 'utf8');
    assert.doesNotMatch(html, /<script(?![^>]*src=)|<style|style=|\son\w+=/);
  });
});
