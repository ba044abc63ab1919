import { describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chosenSpecs, wordsOf } from '../src/chosen-specs.mjs';
import { runJobs } from '../src/jobs.mjs';
import { lockFindings } from '../src/lockcheck.mjs';
import { onceGot } from '../src/shared-servers.mjs';
import { needsOf } from '../src/spec-needs.mjs';

const probes = join(import.meta.dirname, '../probes');

/** Runs planted specs through the repository's runner, outside this run: a runner inside a runner would be skipped. */
function run(...names: string[]): { status: number | null; lines: string[] } {
  const { NODE_TEST_CONTEXT, ...env } = process.env;
  const { status, stdout } = spawnSync(process.execPath, [join(probes, 'runner/run.mjs'), ...names], {
    encoding: 'utf8',
    timeout: 60_000,
    env,
  });
  return { status, lines: stdout.trimEnd().split('\n') };
}

describe('the test run of the repository', () => {
  test('its last line counts passed, failed and skipped, and a skipped test says why', () => {
    const { status, lines } = run('outcomes');
    assert.equal(lines.at(-1), '1 passed, 1 failed, 1 skipped');
    assert.ok(lines.some((line) => line.endsWith('is skipped: no server here')));
    assert.ok(lines.some((line) => line.includes('one is not two')));
    assert.equal(status, 1);
  });
  test('a file that cannot be loaded is a failure that names what is missing', () => {
    const { status, lines } = run('broken-import');
    assert.equal(lines.at(-1), '0 passed, 1 failed, 0 skipped');
    assert.ok(lines.some((line) => line.includes('absent.js')));
    assert.equal(status, 1);
  });
  test('a suite whose preparation fails is a failure, and so are its tests', () => {
    assert.equal(run('broken-hook').lines.at(-1), '0 passed, 2 failed, 0 skipped');
  });
  test('a file that runs no test is a failure', () => {
    assert.equal(run('silent').status, 1);
  });
  test('tests that a spec borrows from a suite in another file count for that spec', () => {
    const { lines } = run('borrowed', 'borrowed-too');
    assert.equal(lines.at(-1), '2 passed, 2 failed, 0 skipped');
    assert.ok(lines.some((line) => line.includes('borrowed.spec.ts') && line.includes('2 failed')));
    assert.ok(lines.some((line) => line.includes('borrowed-too.spec.ts') && line.includes('2 passed')));
  });
  test('of a run of more than ten the ten slowest are named before the counts [issue9:5]', () => {
    const { lines } = run(...Array<string>(11).fill('open-handle'));
    assert.deepEqual(
      lines.slice(-13).map((line) => /^(slowest:|\s+\d+\.\d s {2}libs\/planted\/test\/open-handle\.spec\.ts|)$/.test(line)),
      [...Array<boolean>(12).fill(true), false],
    );
    assert.equal(lines.at(-1), '11 passed, 0 failed, 0 skipped');
    assert.equal(run('open-handle').lines.includes('slowest:'), false);
  });
  test('of many quick tests none is lost when the process ends [issue9:5]', () => {
    assert.equal(run('burst').lines.at(-1), '2000 passed, 0 failed, 0 skipped');
  });
  test('a timer left behind does not keep the run alive', () => {
    assert.equal(run('open-handle').lines.at(-1), '1 passed, 0 failed, 0 skipped');
  });
});

describe('in which order specs are run', () => {
  const root = join(import.meta.dirname, '../../..');
  const [checked, served] = ['libs/workspace/test/infra-compose.spec.ts', 'libs/event-sourcing/test/mongo-deadlines.spec.ts'];
  const told: string[] = [];
  const jobs = [checked, served, 'types'].map((name) => ({ name, run: async () => void told.push(name) }));

  test('what uses a server or a checker, by itself or by a helper, waits until all are got, whatever became of them [issue9:5]', async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'ateneo-got-'));
    t.after(() => rmSync(folder, { recursive: true }));
    const got = { servers: join(folder, 'servers'), checkers: join(folder, 'checkers') };
    const ended = runJobs(onceGot(root, jobs, got));
    const soFar = async () => (await new Promise((resolve) => setTimeout(resolve, 600)), told.splice(0));
    assert.deepEqual(await soFar(), ['types']);
    writeFileSync(got.servers, '');
    assert.deepEqual(await soFar(), [served]);
    writeFileSync(got.checkers, '');
    await ended;
    assert.deepEqual(told.splice(0), [checked]);
  });
  test('where none is being got, each takes its place [issue9:5]', async () => {
    await runJobs(onceGot(root, jobs, {}));
    assert.deepEqual(told.splice(0), ['types', checked, served]);
  });
  test('specs that need no server are known as such, and those that start one by the parts of another spec too [issue9:5]', () => {
    const needs = (name: string) => Object.values(needsOf(root, name));
    assert.deepEqual(needs('services/logbook/src/entry/entry.decider.spec.ts'), [false, false, false]);
    assert.deepEqual(needs('services/all-in-one/test/chaos.spec.ts'), [true, false, false]);
    assert.deepEqual(needs('services/identity/test/realm.spec.ts'), [true, false, true]);
    assert.deepEqual(needs('libs/workspace/test/infra-kubernetes.spec.ts').slice(1), [true, false]);
  });
});

describe('which specs are run', () => {
  const root = join(import.meta.dirname, '../../..');
  const all = ['libs/a/src/entry.spec.ts', 'libs/ab/test/list.spec.ts', 'services/a/src/entry-list.spec.ts'];
  const chosen = (...words: string[]) => chosenSpecs(root, all, words);

  test('all without a word; those below a folder; a file; those whose path holds the word, each once [issue:9.8]', () => {
    assert.deepEqual(chosen(), all);
    assert.deepEqual(chosen(join(root, 'libs/a')), [all[0]]);
    assert.deepEqual(chosen(join(root, 'libs/ab/test/list.spec.ts')), [all[1]]);
    assert.deepEqual(chosen('entry'), [all[0], all[2]]);
    assert.deepEqual(chosen('list', 'entry-list'), [all[1], all[2]]);
  });
  test('a word that chooses none is an error, not a run that passes [issue:9.8]', () =>
    assert.throws(() => chosen('entry', 'etnry'), /«etnry» is no folder with specs, no spec, and part of the path of none/));
  test('a pattern of titles stands behind -t, and must stand there [issue:9.8]', () => {
    assert.deepEqual(wordsOf(['entry', '-t', 'a number is reserved']), { words: ['entry'], name: 'a number is reserved' });
    assert.throws(() => wordsOf(['entry', '-t']), /-t wants a pattern/);
  });
  test('a title that no test has is an error [issue:9.8]', () => {
    const { NODE_TEST_CONTEXT, ...env } = process.env;
    const run = (...words: string[]) =>
      spawnSync(process.execPath, [join(root, 'libs/workspace/src/test.mjs'), ...words], { cwd: root, encoding: 'utf8', env });
    const { status, stderr } = run('student-number.decider', '-t', 'no test is called so');
    assert.deepEqual([status, stderr.trim()], [1, 'no test is called «no test is called so»']);
    const one = run('student-number.decider', '-t', 'reserved for one enrolment');
    assert.equal(one.stdout.trimEnd().split('\n').at(-1), '1 passed, 0 failed, 0 skipped');
  });
});

test('a lockfile that lacks an optional package or names a registry is found', () => {
  const found = lockFindings(join(probes, 'lockfile')).map(({ rule, message }) => `${rule}: ${message}`);
  assert.deepEqual(found, [
    'lockfile-is-complete: node_modules/a asks for a-darwin@1.0.0, which is missing',
    'lockfile-names-no-registry: node_modules/a is tied to https://registry.example/a.tgz',
  ]);
});
