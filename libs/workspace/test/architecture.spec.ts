import { describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { codeFindings, importRules } from '../src/architecture.mjs';
import { allFindings } from '../src/findings.mjs';
import { typeErrors } from '../src/types.mjs';

const root = resolve(import.meta.dirname, '../../..');
const probes = join(root, 'libs/workspace/probes');
const OTHER_RULES = [
  'no-export-all',
  'environment-in-config-only',
  'no-exit',
  'no-silence',
  'platform-names-no-operation',
  'events-by-type',
  'a-class-is-its-own-token',
  '@typescript-eslint/no-explicit-any',
  '@typescript-eslint/no-floating-promises',
  'a-file-has-a-known-role',
  'a-test-is-run',
  'a-spec-can-fail',
  'a-spec-has-one-runner',
  'declares-what-it-imports',
];

describe('every rule of the repository has been seen red [arch:house style §6]', () => {
  for (const rule of [...importRules, ...OTHER_RULES]) {
    test(`the planted violation of ${rule} is found`, async () => {
      const probe = join(probes, rule);
      assert.ok(existsSync(probe), `no probe in ${probe}`);
      const found = (await allFindings(probe)).map((finding) => finding.rule);
      assert.ok(found.includes(rule), `found ${found.join(', ') || 'nothing'}`);
    });
  }
});

test('a spec that stands in the world of the other runner is found on both sides [issue9:7]', async () => {
  const found = (await allFindings(join(probes, 'a-spec-has-one-runner'))).filter(({ rule }) => rule === 'a-spec-has-one-runner');
  assert.deepEqual(
    found.map(({ file }) => file),
    ['services/a/src/entry.spec.ts', 'services/a/test/service.spec.ts'],
  );
});

test('what a package imports stands in its package.json, under what it is for, and in one version everywhere [issue9:8]', async () => {
  const found = (await allFindings(join(probes, 'declares-what-it-imports'))).filter(({ rule }) => rule === 'declares-what-it-imports');
  assert.deepEqual(found.map(({ file, message }) => `${file}: ${message}`).sort(), [
    'libs/b/package.json: zod in the versions 4.1.0, 4.0.0',
    'services/a/package.json: fast-check is a dependency, and only test/a.spec.ts and the like import it',
    'services/a/package.json: pino is no dependency, and src/main.ts imports it',
    'services/a/package.json: some-font is no dependency, and src/main.ts imports it',
    'services/a/package.json: yaml is no devDependency, and test/a.spec.ts imports it',
  ]);
});

test('every shape of a silent catch is found, each in its place, and no other [issue:8.2]', async () => {
  const probe = join(probes, 'no-silence');
  const source = readFileSync(join(probe, 'services/a/src/main.ts'), 'utf8');
  const silent = [...source.matchAll(/\/\/ silent: (\d+)/g)].map(([, line]) => Number(line));
  const found = (await allFindings(probe)).filter(({ rule }) => rule === 'no-silence').map(({ file }) => Number(file.split(':')[1]));
  assert.deepEqual(
    found.sort((a, b) => a - b),
    silent,
  );
});

test('an operation that the platform names is found in every form, each in its place, and nothing else [issue:9.2]', async () => {
  const probe = join(probes, 'platform-names-no-operation');
  const planted = globSync('**/*.{ts,tsx}', { cwd: probe }).flatMap((file) =>
    [...readFileSync(join(probe, file), 'utf8').matchAll(/\/\/ planted: (\d+)/g)].map(([, line]) => `${file}:${line}`),
  );
  const found = (await codeFindings(probe)).filter(({ rule }) => rule === 'platform-names-no-operation').map(({ file }) => file);
  assert.deepEqual(found.sort(), planted.sort());
});

test('a wrong type is found in each of the programs, and named by its file [issue:9.5]', async () => {
  const found = await typeErrors(join(probes, 'types'));
  assert.deepEqual(found.match(/\S+(?=\(1,14\): error TS2322)/g), [
    'services/a/src/count.ts',
    'services/web-portal/src/count.ts',
    'libs/ui/src/count.ts',
  ]);
});

test('every lib stands in the table of what libs may import [arch:house style §6]', () => {
  const table = readFileSync(join(root, '.dependency-cruiser.cjs'), 'utf8');
  const missing = readdirSync(join(root, 'libs')).filter(
    (lib) => lib !== 'workspace' && !new RegExp(`^  '?${lib}'?: \\[`, 'm').test(table),
  );
  assert.deepEqual(missing, []);
});

test('the contexts carry at most 15 decorators in 1,000 lines [issue9:3]', () => {
  const contexts = globSync('services/*/src/**/*.decider.ts', { cwd: root }).map((file) => file.split('/')[1]);
  const files = [...new Set(contexts)].flatMap((context) => globSync(`services/${context}/src/**/*.ts`, { cwd: root }));
  const sources = files.filter((file) => !file.endsWith('.spec.ts')).map((file) => readFileSync(join(root, file), 'utf8'));
  const count = (of: RegExp) => sources.reduce((sum, source) => sum + [...source.matchAll(of)].length, 0);
  const [decorators, lines] = [count(/@[A-Z]\w*\(/g), count(/\n/g)];
  assert.ok(decorators <= (15 * lines) / 1_000, `${decorators} in ${lines} lines`);
});
