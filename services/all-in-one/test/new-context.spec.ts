import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { after, before, describe, test } from 'node:test';

const root = resolve(import.meta.dirname, '../../..');
const FROM_SOURCE = ['--conditions=source', '--disable-warning=ExperimentalWarning', '--import', './libs/workspace/src/swc-hook.mjs'];

/** The files of the repository in a folder of their own, with the packages that are installed here. */
function copyOf(folder: string): void {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root, encoding: 'utf8' });
  for (const file of new Set(listed.split('\0').filter(Boolean))) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    cpSync(join(root, file), join(folder, file), { force: true });
  }
  const packages = join(root, 'node_modules');
  mkdirSync(join(folder, 'node_modules/@ateneo'), { recursive: true });
  for (const name of readdirSync(packages).filter((one) => one !== '@ateneo'))
    symlinkSync(join(packages, name), join(folder, 'node_modules', name));
  for (const name of readdirSync(join(packages, '@ateneo')))
    symlinkSync(readlinkSync(join(packages, '@ateneo', name)), join(folder, 'node_modules/@ateneo', name));
}

describe('npm run new-context', () => {
  let copy: string;
  const run = (...args: readonly string[]) =>
    spawnSync(process.execPath, [...FROM_SOURCE, ...args], {
      cwd: copy,
      encoding: 'utf8',
      timeout: 120_000,
      env: { ...process.env, NODE_OPTIONS: '', NODE_TEST_CONTEXT: undefined },
    });
  const changed = (): string[] =>
    execFileSync('git', ['status', '--porcelain', '--untracked-files=all'], { cwd: copy, encoding: 'utf8' })
      .split('\n')
      .filter(Boolean)
      .map((line) => line.slice(3));

  before(() => {
    copy = mkdtempSync(join(tmpdir(), 'ateneo-context-'));
    copyOf(copy);
    execFileSync('git', ['init', '-q'], { cwd: copy });
    execFileSync('git', ['add', '-A'], { cwd: copy });
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@ateneo.example', 'commit', '-qm', 'as it is'], { cwd: copy });
  });
  after(() => rmSync(copy, { recursive: true, force: true }));

  test('says what is wrong with a name, and writes nothing [rev:arch-cost]', () => {
    const cases = [
      [['Surveys', 'survey'], /context «Surveys»: small letters/],
      [['logbook', 'thing'], /services\/logbook is there already/],
      [['surveys', 'news', '--things', 'news'], /say how more than one is called/],
      [['surveys'], /a context and its first thing are to be named/],
    ] as const;
    for (const [words, said] of cases) {
      const { status, stderr } = run('libs/workspace/src/new-context.ts', ...words);
      assert.equal(status, 1, words.join(' '));
      assert.match(stderr, said);
    }
    assert.deepEqual(changed(), []);
  });

  test('writes a context that is wired everywhere, so that nothing is left to generate [rev:arch-cost]', () => {
    const { status, stderr } = run('libs/workspace/src/new-context.ts', 'surveys', 'survey', '--it', 'Indagini', '--en', 'Surveys');
    assert.equal(status, 0, stderr);
    const all = changed();
    for (const file of [
      'docker-compose.yml',
      'infra/kubernetes/base/surveys.yaml',
      'infra/kubernetes/base/disruption-budgets.yaml',
      'infra/kubernetes/overlays/production/kustomization.yaml',
      'infra/nats/permissions.conf',
      'infra/observability/alerts.yml',
      'docs/openapi.json',
      'services/all-in-one/src/services.generated.ts',
      'services/web-portal/src/features.generated.ts',
    ]) {
      assert.ok(all.includes(file), `${file} among ${all.join(', ')}`);
      assert.match(readFileSync(join(copy, file), 'utf8'), /surveys/i, file);
    }
    const again = run('libs/workspace/src/generate.ts', '--check');
    assert.deepEqual([again.status, again.stdout], [0, '']);
  });

  test('the context compiles and its own tests pass [rev:arch-cost]', () => {
    for (const project of ['services/surveys', 'services/web-portal']) {
      const { status, stdout } = run(
        realpathSync(join(copy, 'node_modules/.bin/tsc')),
        '-p',
        `${project}/tsconfig.json`,
        '--checkers',
        '1',
      );
      assert.equal(status, 0, stdout);
    }
    const { status, stdout } = run('libs/workspace/src/test.mjs', 'services/surveys');
    assert.equal(status, 0, stdout);
    assert.match(stdout, /^6 passed, 0 failed, 0 skipped$/m);
  });

  test('the platform runs it: an office opens, everybody reads, who may not is told so [rev:arch-cost]', () => {
    const { status, stdout, stderr } = run('services/all-in-one/test/new-context.probe.ts');
    assert.equal(status, 0, stderr);
    const told = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as { status: number[]; listed: { surveys: object[] } };
    assert.deepEqual(told.status, [200, 403, 400]);
    assert.deepEqual(told.listed.surveys, [
      { surveyId: '0198c0de-0000-7000-8000-0000000000aa', title: 'Opinione', closesOn: '2030-01-31', state: 'open' },
    ]);
  });
});
