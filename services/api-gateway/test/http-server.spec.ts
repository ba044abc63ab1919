import assert from 'node:assert/strict';
import { mkdtemp, writeFile, mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { OnProblem } from '@ateneo/event-sourcing';
import type { FastifyInstance } from 'fastify';
import { HttpServer } from '../src/http/http-server.controller.js';
import { LATE_MS, MOST_WAIT_MS, WaitingLine } from '../src/http/waiting-line.rules.js';
import { fontOf, PortalController } from '../src/portal/portal.controller.js';

const serve = async (t: TestContext, mount: (scope: FastifyInstance) => void): Promise<{ instance: FastifyInstance; url: string }> => {
  const instance = new FastifyAdapter().getInstance() as unknown as FastifyInstance;
  await instance.register(async (scope) => mount(scope));
  t.after(() => instance.close());
  return { instance, url: await instance.listen({ port: 0, host: '127.0.0.1' }) };
};

const unexpected: OnProblem = (problem) => assert.fail(JSON.stringify(problem));

describe('requests in flight', () => {
  test('are bounded: one too many is told to come back, and places are given back, also by those who leave', async (t) => {
    const releases: (() => void)[] = [];
    const { url } = await serve(t, (scope) => {
      new HttpServer(unexpected, 2).guard(scope);
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

describe('requests that come faster than they are answered', () => {
  /** A line whose clock and turns are the test's. */
  const held = () => {
    const [turns, clock] = [[] as (() => void)[], { at: 0 }];
    return {
      clock,
      turns,
      line: new WaitingLine(
        () => clock.at,
        (next) => void turns.push(next),
      ),
    };
  };

  test('are told to come back, and when, once the first in line has waited too long for some time; what was taken in is answered [rev:sec-17]', async (t) => {
    const { clock, turns, line } = held();
    let [arrived, begun] = [0, 0];
    const { url } = await serve(t, (scope) => {
      scope.addHook('onRequest', (_request, _reply, done) => (arrived++, done()));
      new HttpServer(unexpected, 1_000, line).guard(scope);
      scope.get('/api/page', async () => ({ n: ++begun }));
    });
    const first = fetch(`${url}/api/page`);
    while (turns.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    clock.at += MOST_WAIT_MS;
    const second = fetch(`${url}/api/page`);
    while (arrived < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    clock.at += 1;
    const afterStandstill = fetch(`${url}/api/page`);
    while (arrived < 3) await new Promise((resolve) => setTimeout(resolve, 5));
    clock.at += LATE_MS;
    const third = await fetch(`${url}/api/page`);
    const { code, retryAfter } = (await third.json()) as { code: string; retryAfter: number };
    assert.deepEqual([third.status, third.headers.get('retry-after'), code, retryAfter], [503, '2', 'too-busy', 2]);
    assert.equal(begun, 0);
    turns.shift()!();
    assert.deepEqual([(await first).status, (await second).status, (await afterStandstill).status], [200, 200, 200]);
    const fourth = fetch(`${url}/api/page`);
    while (turns.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    turns.shift()!();
    assert.equal((await fourth).status, 200);
  });

  test('do not keep the question of whether the process lives waiting, and it is never refused [rev:sec-17]', async (t) => {
    const { clock, turns, line } = held();
    const { url } = await serve(t, (scope) => {
      scope.get('/health/live', async () => ({ live: true }));
      scope.register(async (api) => {
        new HttpServer(unexpected, 1, line).guard(api);
        api.get('/api/page', async () => ({}));
      });
    });
    const page = fetch(`${url}/api/page`);
    while (turns.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    clock.at += 60_000;
    assert.equal((await fetch(`${url}/health/live`)).status, 200);
    turns.shift()!();
    assert.equal((await page).status, 200);
  });

  test('begin few at a time, in the order in which they came [rev:sec-17]', () => {
    const { turns, line } = held();
    const begun: number[] = [];
    for (let n = 0; n < 1_201; n++) line.join(() => void begun.push(n));
    const together: number[] = [];
    for (let turn = turns.shift(), before = 0; turn; turn = turns.shift(), before = begun.length) {
      turn();
      together.push(begun.length - before);
    }
    assert.deepEqual(
      begun,
      Array.from({ length: 1_201 }, (_, n) => n),
    );
    assert.deepEqual([Math.max(...together), together.slice(-3)], [32, [4, 4, 2]]);
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
