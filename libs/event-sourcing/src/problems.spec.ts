import assert from 'node:assert/strict';
import { AwayError, isAway, type Problem, reasonOf, StoreUnavailableError, Trouble } from './index.js';

const named = (name: string, more: object = {}) => Object.assign(new Error('x'), { name, ...more });

describe('problems', () => {
  for (const error of [
    new AwayError('x'),
    new StoreUnavailableError('x'),
    named('MongoServerSelectionError'),
    named('MongoServerError', { code: 10107 }),
    named('MongoServerError', { hasErrorLabel: (label: string) => label === 'RetryableWriteError' }),
    named('RemoteError', { remoteName: 'StoreUnavailableError' }),
    named('Error', { code: 'ECONNREFUSED' }),
    new Error('reading failed', { cause: named('TimeoutError') }),
  ])
    test(`${error.name}${error.cause ? ' for another reason' : ''} is a server that is away [rev:arch-4]`, () =>
      assert.equal(isAway(error), true));
  for (const error of [new Error('x'), new TypeError('x'), named('MongoServerError', { code: 11000 }), named('Error', { code: 7 }), 'x'])
    test(`${reasonOf(error)} is a fault of what was tried [rev:arch-4]`, () => assert.equal(isAway(error), false));

  test('what goes on is over once, and only if it went on [rev:arch-5]', async () => {
    const told: Problem['is'][] = [];
    const trouble = new Trouble(({ is }) => void told.push(is), { part: 'relay', what: 'x' });
    trouble.over();
    assert.equal(await trouble.heard(Promise.reject(new Error('x'))), undefined);
    assert.equal(await trouble.heard(Promise.resolve(7)), 7);
    trouble.over();
    assert.deepEqual(told, ['goes-on', 'over']);
  });

  test('what fails after its end is not told, so that nothing seems to go on for ever [rev:arch-5]', async () => {
    const told: Problem['is'][] = [];
    const trouble = new Trouble(({ is }) => void told.push(is), { part: 'relay', what: 'x' });
    const late = Promise.withResolvers<void>();
    trouble.fails(new Error('x'));
    const heard = trouble.heard(late.promise);
    trouble.end();
    late.reject(new Error('closed'));
    assert.equal(await heard, undefined);
    assert.deepEqual(told, ['goes-on', 'over']);
  });
});
