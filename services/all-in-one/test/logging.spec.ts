import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { before, describe, test } from 'node:test';
import { inClear } from './byte-scan.js';

type Line = {
  readonly level: number;
  readonly time: string;
  readonly msg: string;
  readonly what?: string;
  readonly correlationId?: string;
};

describe('logs', () => {
  let text = '';
  let lines: Line[] = [];
  let words: string[] = [];

  before(async () => {
    const child = fileURLToPath(new URL('logging.child.ts', import.meta.url));
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [...process.execArgv.filter(isOfLoading), child], {
      timeout: 110_000,
      maxBuffer: 1 << 28,
    });
    const said = JSON.parse(stdout) as { words: string[]; failed: { problem: { code: string } } };
    assert.equal(said.failed.problem.code, 'internal-error');
    [text, words] = [stderr, said.words];
    lines = stderr
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Line);
  });
  const isOfLoading = (flag: string, index: number, flags: string[]) =>
    /^--(conditions|import|enable-source-maps)/.test(flag) || /^--(conditions|import)$/.test(flags[index - 1] ?? '');

  test('each is one JSON object with its time and level, and debug says something [arch:6]', () => {
    assert.ok(lines.length > 20, `${lines.length} lines`);
    for (const { level, time, msg } of lines) assert.ok(level >= 20 && Date.parse(time) > 0 && typeof msg === 'string');
  });

  test('an operation that failed is found by its correlation id, and the error by its place [arch:6]', () => {
    const failed = lines.filter(({ msg }) => msg === 'operation failed');
    assert.equal(failed.length, 1);
    assert.equal(failed[0]?.what, 'identity.register-person');
    assert.match(failed[0]?.correlationId ?? '', /^[0-9a-f-]{36}$/);
    assert.match(JSON.stringify(failed[0]), /SyntaxError.*operation\.interceptor/);
  });

  test('no name, tax code, e-mail, number, note, reason or secret stands in any, however written, at level debug [issue4:5] [rev:sec-4]', () => {
    assert.ok(words.length > 10);
    assert.deepEqual(inClear(Buffer.from(text), words), []);
  });
});
