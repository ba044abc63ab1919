import assert from 'node:assert/strict';
import { loggedError } from './log.js';

const thrownBy = (work: () => unknown): unknown => {
  try {
    return work();
  } catch (error) {
    return error;
  }
};

describe('errors in the log', () => {
  test('one that quotes what it was given keeps its message to itself, wherever it stands among causes [arch:6]', () => {
    const quoting = thrownBy(() => JSON.parse('Quirxtel') as unknown);
    assert.match(String(quoting), /Quirxtel/);
    const logged = loggedError(new Error('reading failed', { cause: quoting }));
    assert.doesNotMatch(JSON.stringify(logged), /Quirxtel/);
    assert.deepEqual([logged.type, logged.message, logged.cause?.type], ['Error', 'reading failed', 'SyntaxError']);
    assert.match(logged.cause?.stack ?? '', /^\s+at .*log\.spec/m);
  });
  test('any other says what it is, its code and where [arch:6]', () => {
    const logged = loggedError(Object.assign(new TypeError('no such thing'), { code: 'ENOENT' }));
    assert.deepEqual([logged.type, logged.code, logged.message], ['TypeError', 'ENOENT', 'no such thing']);
    assert.match(logged.stack ?? '', /log\.spec/);
  });
  test('what is no error is not written out, and a ring of causes ends [arch:6]', () => {
    assert.deepEqual(loggedError('Quirxtel'), { type: 'string' });
    const ring = new Error('again');
    ring.cause = ring;
    assert.ok(JSON.stringify(loggedError(ring)).length < 20_000);
  });
});
