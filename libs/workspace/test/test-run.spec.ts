import { describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { lockFindings } from '../src/lockcheck.mjs';

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
  test('a timer left behind does not keep the run alive', () => {
    assert.equal(run('open-handle').lines.at(-1), '1 passed, 0 failed, 0 skipped');
  });
});

test('a lockfile that lacks an optional package or names a registry is found', () => {
  const found = lockFindings(join(probes, 'lockfile')).map(({ rule, message }) => `${rule}: ${message}`);
  assert.deepEqual(found, [
    'lockfile-is-complete: node_modules/a asks for a-darwin@1.0.0, which is missing',
    'lockfile-names-no-registry: node_modules/a is tied to https://registry.example/a.tgz',
  ]);
});
