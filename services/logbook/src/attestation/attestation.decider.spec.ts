import assert from 'node:assert/strict';
import { specification, storedExamples } from '@ateneo/event-sourcing';
import { attestation, type AttestationCommand, type AttestationContext, type AttestationEvent } from './attestation.decider.js';

const { given } = specification(attestation);

const key = { attestationId: 'a', enrolmentId: 'n', traineeId: 't', schoolId: 's', requirementId: 'R' };
const context: AttestationContext = {
  today: '2026-11-20',
  contract: { from: '2021-11-01', to: '2026-10-31' },
  qualitative: true,
  mayAttest: true,
};
const attest = (from: string): AttestationCommand => ({ type: 'AttestRequirement', attestedBy: 'tutor', from, ...key });
const attested = (from: string): AttestationEvent => ({ type: 'RequirementAttested', from, ...key });
const reason = 'Da ripetere dopo la rotazione';
const revoked = (from: string): AttestationEvent => ({ type: 'AttestationRevoked', from, reason, ...key });
const withdrawn = (from: string): AttestationEvent => ({ type: 'AttestationWithdrawn', from, reason, ...key });

describe('an attestation', () => {
  test('is given from a day on; the same day again changes nothing [count:13]', () => {
    given().when(attest('2026-02-01'), context).then(attested('2026-02-01'));
    given(attested('2026-02-01')).when(attest('2026-02-01'), context).thenNothing();
    given(attested('2026-02-01')).when(attest('2026-03-01'), context).thenNothing();
  });
  test('from an earlier day while attested is refused, naming the day [rev:cor-1] [count:30]', () =>
    given(attested('2026-02-01'))
      .when(attest('2026-01-01'), context)
      .thenRejected('already-attested', { field: 'from', from: '2026-02-01', to: null }));
  test('may be given anew from the day of its revocation on, and not from a day that an earlier one holds [rev:cor-1] [count:30]', () => {
    const before = [attested('2026-02-01'), revoked('2026-05-01')];
    given(...before)
      .when(attest('2026-05-01'), context)
      .then(attested('2026-05-01'));
    for (const from of ['2026-01-01', '2026-02-01', '2026-04-30'])
      given(...before)
        .when(attest(from), context)
        .thenRejected('already-attested', { field: 'from', from: '2026-02-01', to: '2026-04-30' });
  });
});

describe('a revocation', () => {
  const revoke = (from?: string): AttestationCommand => ({ type: 'RevokeAttestation', reason, from });
  test('is of today where nobody says a day [count:13]', () =>
    given(attested('2026-02-01')).when(revoke(), context).then(revoked('2026-11-20')));
  test('is dated by whoever makes it, from the first day of the attestation to today [rev:cor-1] [count:30]', () => {
    for (const from of ['2026-02-01', '2026-06-01', '2026-11-20'])
      given(attested('2026-02-01')).when(revoke(from), context).then(revoked(from));
    for (const from of ['2026-01-31', '2026-11-21'])
      given(attested('2026-02-01'))
        .when(revoke(from), context)
        .thenRejected('revocation-outside-attestation', { field: 'from', from: '2026-02-01', to: '2026-11-20' });
  });
  test('needs an attestation that holds [count:30]', () => {
    given().when(revoke(), context).thenRejected('attestation-not-found');
    given(attested('2026-02-01'), revoked('2026-03-01')).when(revoke(), context).thenRejected('attestation-not-found');
    given(attested('2026-02-01'), withdrawn('2026-02-01')).when(revoke(), context).thenRejected('attestation-not-found');
  });
});

describe('a mistaken attestation', () => {
  const withdraw = (from?: string): AttestationCommand => ({ type: 'WithdrawAttestation', reason, from });
  test('is withdrawn with a reason, the newest or the one that began on a day [rev:cor-1] [count:30]', () => {
    const both = [attested('2026-02-01'), revoked('2026-03-01'), attested('2026-06-01')];
    given(...both)
      .when(withdraw(), context)
      .then(withdrawn('2026-06-01'));
    given(...both)
      .when(withdraw('2026-02-01'), context)
      .then(withdrawn('2026-02-01'));
    given(...both)
      .when(withdraw('2026-02-02'), context)
      .thenRejected('attestation-not-found');
  });
  test('is as if never given: its days are free again, and it is withdrawn once [rev:cor-1] [count:30]', () => {
    const mistaken = [attested('2026-02-01'), withdrawn('2026-02-01')];
    given(...mistaken)
      .when(attest('2026-01-01'), context)
      .then(attested('2026-01-01'));
    given(...mistaken)
      .when(withdraw('2026-02-01'), context)
      .thenRejected('attestation-not-found');
    given(...mistaken)
      .when(withdraw(), context)
      .thenRejected('attestation-not-found');
  });
  test('of a reason that names a patient is refused [count:26]', () =>
    given(attested('2026-02-01')).when({ type: 'WithdrawAttestation', reason: 'paziente Rossi' }, context).thenRejected('patient-data'));
});

test('what was stored of attestations still folds [arch:3]', () => {
  const at = (type: string, from: string, more = {}) => ({ type, data: { ...key, from, ...more } });
  const state = storedExamples(attestation, [
    at('RequirementAttested', '2026-02-01'),
    at('AttestationRevoked', '2026-03-01', { reason }),
    at('RequirementAttested', '2026-06-01'),
    at('AttestationWithdrawn', '2026-06-01', { reason }),
  ]);
  assert.deepEqual(state, { is: 'known', ...key, attestations: [{ from: '2026-02-01', until: '2026-03-01' }] });
});
test('reasons are personal, under the trainee [rev:cor-1]', () =>
  assert.deepEqual(attestation.personal, {
    AttestationRevoked: { fields: ['reason'] },
    AttestationWithdrawn: { fields: ['reason'] },
  }));
