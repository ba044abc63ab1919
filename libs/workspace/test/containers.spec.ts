import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { parse } from 'yaml';
import { chooseServers, engineAnswers, imageOf, openServers, type Server, SERVERS, toldOf } from '../src/containers.js';

const planted = (name: string, missing?: string): Server => ({
  name,
  service: 'mongodb',
  variable: `${name.toUpperCase()}_URL`,
  usedBy: /planted/,
  missing: () => missing,
  start: () => Promise.reject(new Error('nobody starts it')),
});
const [named, had, absent] = [planted('named'), planted('had'), planted('absent', 'no program does that')];

describe('where the servers of the suites come from [issue9:7]', () => {
  test('an address beats a container, a container a program; what cannot be had says why', () => {
    const from = (engine: boolean) =>
      chooseServers({ NAMED_URL: 'mongodb://elsewhere' }, engine, [named, had, absent]).map((choice) => choice.from);
    assert.deepEqual(from(true), ['address', 'container', 'container']);
    assert.deepEqual(from(false), ['address', 'program', 'nothing']);
  });
  test('the closing lines say it of each, with the image or the reason', () => {
    const told = (engine: boolean) => chooseServers({ NAMED_URL: 'x' }, engine, [named, had, absent]).map(toldOf);
    assert.deepEqual(told(true), [
      '  named: at the address of NAMED_URL',
      `  had: in a container, ${imageOf('mongodb')}`,
      `  absent: in a container, ${imageOf('mongodb')}`,
    ]);
    assert.deepEqual(told(false).slice(1), ['  had: a program of this machine stands in', '  absent: not here, no program does that']);
  });
  test('images and tags are those of docker-compose.yml; every server there is one of them, but for NATS, whose process the suites need', () => {
    const compose = parse(readFileSync(join(import.meta.dirname, '../../../docker-compose.yml'), 'utf8'), { merge: true }) as {
      services: Record<string, { image: string }>;
    };
    const servers = Object.entries(compose.services).filter(([, { image }]) => !image.startsWith('ateneo/'));
    const images = new Map(servers.map(([service, { image }]) => [service, image]));
    for (const { service } of SERVERS) assert.equal(imageOf(service), images.get(service));
    const missed = new Set(images.values());
    for (const { service } of SERVERS) missed.delete(imageOf(service));
    assert.deepEqual([...missed], [images.get('nats')]);
    assert.throws(() => imageOf('postgres'), /names no image for postgres/);
  });
  test('without an engine that answers nothing is started, and specs that use no server are told nothing of them', async () => {
    const { DOCKER_HOST } = process.env;
    process.env['DOCKER_HOST'] = 'tcp://127.0.0.1:1';
    try {
      assert.equal(await engineAnswers(), false);
    } finally {
      if (DOCKER_HOST === undefined) delete process.env['DOCKER_HOST'];
      else process.env['DOCKER_HOST'] = DOCKER_HOST;
    }
    const some = await openServers(['libs/event-sourcing/test/kurrent-event-store.spec.ts'], false);
    assert.match(some.told, /^ {2}KurrentDB: (not here, it comes as a container image only|at the address of KURRENTDB_URL)/);
    await some.close();
    assert.equal((await openServers(['libs/workspace/test/test-run.spec.ts'], false)).told, '');
    // by a helper of its own, as most specs of several instances do
    assert.match((await openServers(['services/reporting/test/shared-counters.spec.ts'], false)).told, /^ {2}MongoDB: /);
  });
});
