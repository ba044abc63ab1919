import assert from 'node:assert/strict';
import { mkdtemp, writeFile, mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { createLogger } from '@ateneo/service-kit';
import type { FastifyInstance } from 'fastify';
import { HttpServer } from '../src/http/http-server.controller.js';
import { fontOf, PortalController } from '../src/portal/portal.controller.js';

const serve = async (t: TestContext, mount: (scope: FastifyInstance) => void): Promise<{ instance: FastifyInstance; url: string }> => {
  const instance = new FastifyAdapter().getInstance() as unknown as FastifyInstance;
  await instance.register(async (scope) => mount(scope));
  t.after(() => instance.close());
  return { instance, url: await instance.listen({ port: 0, host: '127.0.0.1' }) };
};

describe('requests in flight', () => {
  test('are bounded: one too many is told to come back, and places are given back, also by those who leave', async (t) => {
    const releases: (() => void)[] = [];
    const { url } = await serve(t, (scope) => {
      new HttpServer(createLogger('silent'), 2).guard(scope);
      scope.get('/api/slow', async () => new Promise((resolve) => releases.push(() => resolve({}))));
    });
    const leaving = new AbortController();
    const left = fetch(`${url}/api/slow`, { signal: leaving.signal }).catch(() => undefined);
    const staying = fetch(`${url}/api/slow`);
    while (releases.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    const refused = await fetch(`${url}/api/slow`);
    assert.deepEqual(
      [refused.status, refused.headers.get('retry-after'), ((await refused.json()) as { code: string }).code],
      [503, '1', 'too-busy'],
    );
    leaving.abort();
    await left;
    // the server hears of the one who left a moment later
    const next = (async () => {
      for (;;) {
        const response = await fetch(`${url}/api/slow`);
        if (response.status !== 503) return response;
      }
    })();
    while (releases.length < 3) await new Promise((resolve) => setTimeout(resolve, 5));
    for (const release of releases) release();
    assert.deepEqual([(await staying).status, (await next).status], [200, 200]);
  });
});

describe('the built portal', () => {
  test('answers any page route, keeps hashed files for ever, takes the compressed twin, and nothing above its folder', async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'ateneo-portal-'));
    await mkdir(join(folder, 'assets'));
    await writeFile(join(folder, 'index.html'), '<!doctype html>portal');
    await writeFile(join(folder, 'assets/app-BxY12abc.js'), 'plain');
    await writeFile(join(folder, 'assets/app-BxY12abc.js.br'), 'compressed');
    await writeFile(join(folder, 'assets/titillium-web-latin-400-normal-aB12cD34.woff2'), 'font');
    const { instance, url } = await serve(t, (scope) =>
      new PortalController(folder, 'http://localhost:1', 'http://localhost:1/realms/ateneo').mount(scope),
    );
    const page = await fetch(`${url}/trainees/7`);
    assert.deepEqual([page.status, await page.text(), page.headers.get('cache-control')], [200, '<!doctype html>portal', 'no-cache']);
    assert.match(page.headers.get('content-security-policy') ?? '', /^default-src 'none'/);
    const again = await fetch(`${url}/`, { headers: { 'if-none-match': page.headers.get('etag') as string } });
    assert.deepEqual([again.status, (await fetch(`${url}/missing.js`)).status], [304, 404]);
    const asset = await instance.inject({ url: '/assets/app-BxY12abc.js', headers: { 'accept-encoding': 'gzip, br' } });
    assert.deepEqual(
      [asset.body, asset.headers['content-encoding'], asset.headers['cache-control']],
      ['compressed', 'br', 'public, max-age=31536000, immutable'],
    );
    assert.equal((await instance.inject('/../../../etc/passwd')).body.includes('root:'), false);
    assert.equal(fontOf(folder), '/assets/titillium-web-latin-400-normal-aB12cD34.woff2');
    assert.equal(fontOf(join(folder, 'none')), undefined);
    await rm(folder, { recursive: true });
  });
});
