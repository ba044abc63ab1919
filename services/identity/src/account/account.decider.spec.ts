import assert from 'node:assert/strict';
import { specification, storedExamples } from '@ateneo/event-sourcing';
import { account, accountIdOf, clientIdOf, type AccountEvent } from './account.decider.js';

const { given } = specification(account);
const accountId = '0198c0de-0000-7000-8000-0000000000a1';
const facts = { accountId, name: 'Data warehouse', schoolId: null, from: '2026-01-01' };
const created: AccountEvent = { type: 'ServiceAccountCreated', ...facts };

describe('a service account', () => {
  test('is created once; the same again is nothing, other content is refused', () => {
    given()
      .when({ type: 'CreateServiceAccount', ...facts })
      .then(created);
    given(created)
      .when({ type: 'CreateServiceAccount', ...facts, from: '2026-02-01' })
      .thenNothing();
    given(created)
      .when({ type: 'CreateServiceAccount', ...facts, name: 'Other' })
      .thenRejected('id-already-used');
  });
  test('is revoked once and never comes back under its id', () => {
    const revoked: AccountEvent = { type: 'ServiceAccountRevoked' };
    given().when({ type: 'RevokeServiceAccount' }).thenRejected('account-not-found');
    given(created).when({ type: 'RevokeServiceAccount' }).then(revoked);
    given(created, revoked).when({ type: 'RevokeServiceAccount' }).thenNothing();
    given(created, revoked)
      .when({ type: 'CreateServiceAccount', ...facts })
      .thenRejected('id-already-used');
  });
  test('its client id leads back to it and nothing else does', () => {
    assert.equal(accountIdOf(clientIdOf(accountId)), accountId);
    assert.equal(accountIdOf('giulia.bianchi'), undefined);
  });
  test('what was stored once folds for ever', () => {
    assert.equal(
      storedExamples(account, [
        { type: 'ServiceAccountCreated', data: facts },
        { type: 'ServiceAccountRevoked', data: {} },
      ]).is,
      'revoked',
    );
  });
});
