import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { camelOf, pascalOf, serviceManifests } from './manifest.js';
import { withRegions } from './regions.js';

const good = { title: { it: 'Uno', en: 'One' }, about: 'What it holds', instances: 2 };

describe('manifests of services', () => {
  const roots: string[] = [];
  afterAll(() => roots.forEach((root) => rmSync(root, { recursive: true, force: true })));
  function rootWith(services: Readonly<Record<string, object>>): string {
    const root = mkdtempSync(join(tmpdir(), 'ateneo-manifests-'));
    roots.push(root);
    for (const [name, manifest] of Object.entries(services)) {
      mkdirSync(join(root, 'services', name), { recursive: true });
      writeFileSync(join(root, 'services', name, 'service.json'), JSON.stringify(manifest));
    }
    return root;
  }

  test('are read by place; a folder without one is no service of a context [rev:arch-cost]', () => {
    const root = rootWith({ later: { ...good, place: 2 }, 'first-of-all': { ...good, place: 1 } });
    mkdirSync(join(root, 'services/web-portal'));
    assert.deepEqual(
      serviceManifests(root).map(({ name, namespace, pascal }) => [name, namespace, pascal]),
      [
        ['first-of-all', 'firstOfAll', 'FirstOfAll'],
        ['later', 'later', 'Later'],
      ],
    );
  });
  test('that are wrong are refused with file, field and rule [rev:arch-cost]', () => {
    assert.throws(() => serviceManifests(rootWith({ one: { ...good, place: 0 } })), /services\/one\/service\.json:[^]*place/);
    assert.throws(() => serviceManifests(rootWith({ one: { ...good, place: 1, memroy: {} } })), /service\.json:[^]*memroy/);
    assert.throws(
      () => serviceManifests(rootWith({ one: { ...good, place: 1 }, two: { ...good, place: 1 } })),
      /services\/two\/service\.json: place 1 is that of one/,
    );
  });
  test('give the names that code has for a service [rev:arch-cost]', () =>
    assert.deepEqual([camelOf('contact-center'), pascalOf('contact-center')], ['contactCenter', 'ContactCenter']));
});

describe('regions of a file', () => {
  const text = 'before\n  # >>> things, written by npm run generate\n  old\n  # <<< things\nafter\n';
  test('are filled anew at the indentation of their mark; the rest stays [rev:arch-cost]', () => {
    const filled = withRegions(text, { things: 'one:\n  two\n\nthree' });
    assert.equal(filled, 'before\n  # >>> things, written by npm run generate\n  one:\n    two\n\n  three\n  # <<< things\nafter\n');
    assert.equal(withRegions(filled, { things: 'one:\n  two\n\nthree' }), filled);
  });
  test('that are missing are missed [rev:arch-cost]', () =>
    assert.throws(() => withRegions('nothing', { things: '' }), /no region «things»/));
});
