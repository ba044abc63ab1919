import assert from 'node:assert/strict';
import type { Activity } from '@ateneo/contracts';
import { specification } from '@ateneo/event-sourcing';
import { type Content, entry, type EntryContext, type EntryEvent } from './entry.decider.js';

const { given } = specification(entry);

const act = (code: string, more: Partial<Activity> = {}): Activity => ({
  code,
  setId: 'CHIR-402',
  label: { it: code, en: code },
  kind: 'act',
  feeds: [{ requirementId: code }],
  unit: 'procedures',
  bulk: false,
  requires: [],
  simulationAllowed: false,
  ...more,
});
const CATALOGUE = new Map(
  [
    act('simple'),
    act('share', { requires: [{ axis: 'surgical-role', values: [] }] }),
    act('ecg', { bulk: true, unit: 'examinations' }),
    act('angio', { feeds: [{ requirementId: 'CARD', part: 'angioplasty' }] }),
    act('coro', { feeds: [{ requirementId: 'CARD', part: 'coronary-angiography' }] }),
    act('rotation', { kind: 'rotation', unit: 'months' }),
    act('credits', { kind: 'credits', unit: 'credits' }),
    act('obstetrics', { kind: 'cross-credit' }),
    act('NP/lezione', { setId: 'NP', feeds: [] }),
  ].map((one) => [one.code, one]),
);
const scale = {
  levels: [
    { key: 'support', rank: 1 },
    { key: 'guided', rank: 2 },
  ].map((one) => ({ ...one, name: { it: '', en: '' }, description: { it: '', en: '' } })),
  surgicalRoles: ['first-operator', 'second-operator'].map((key) => ({
    key,
    countsInCaseload: true,
    name: { it: '', en: '' },
    description: { it: '', en: '' },
  })),
};
const ids = { entryId: 'e1', enrolmentId: 'n1', traineeId: 't1', schoolId: 's1' };
const content = (more: Partial<Content> = {}): Content => ({
  kind: 'professional',
  activities: ['simple'],
  period: false,
  performedFrom: '2026-03-10',
  performedTo: '2026-03-10',
  unitId: null,
  quantity: 1,
  autonomy: 'guided',
  classified: {},
  simulated: false,
  credits: null,
  note: '',
  ...more,
});
const context = (more: Partial<EntryContext> & { suspensions?: { from: string; to: string | null }[] } = {}): EntryContext => ({
  today: '2026-03-15',
  now: '2026-03-15T10:00:00.000Z',
  reference: {
    enrolmentId: 'n1',
    schoolId: 's1',
    contract: { from: '2023-11-01', to: '2028-10-31' },
    suspensions: more.suspensions ?? [],
    activity: (code) => CATALOGUE.get(code),
    units: new Set(['u1']),
    scale,
  },
  validator: { assigned: true, director: false },
  ...more,
});
const record = (more: Partial<Content> = {}, submit = false) => ({ type: 'RecordEntry' as const, submit, ...ids, ...content(more) });
const recorded = (more: Partial<Content> = {}): EntryEvent => ({
  type: 'EntryRecorded',
  ...ids,
  source: null,
  externalId: null,
  ...content(more),
});
const submitted: EntryEvent = { type: 'EntrySubmitted', enrolmentId: 'n1' };
const validated = (batchId: string | null = null): EntryEvent => ({
  type: 'EntryValidated',
  enrolmentId: 'n1',
  validatorId: 'v1',
  certified: { autonomy: 'guided', classified: {} },
  creditedTo: null,
  batchId,
});
const validate = { type: 'ValidateEntry' as const, validatorId: 'v1', creditedTo: null, batchId: null };

describe('recording', () => {
  test('a draft is stored; with submit both facts stand in one append [res:57] [count:23]', () => {
    given().when(record(), context()).then(recorded());
    given().when(record({}, true), context()).then(recorded(), submitted);
  });
  test('an id in use is refused whoever owns it [arch:4]', () =>
    given(recorded()).when(record(), context()).thenRejected('id-already-used'));
  test('a trainee not known yet can be tried again [arch:4]', () =>
    given()
      .when(record(), context({ reference: undefined }))
      .thenRejected('trainee-not-known-yet'));
  const refused: [string, Partial<Content>, string, string][] = [
    ['a day outside the contract', { performedFrom: '2023-10-31', performedTo: '2023-10-31' }, 'outside-contract', '[res:E2.4]'],
    ['a day in the future', { performedFrom: '2026-03-16', performedTo: '2026-03-16' }, 'entry-in-the-future', '[res:E2.4]'],
    [
      'a reversed period',
      { activities: ['rotation'], period: true, performedFrom: '2026-03-10', performedTo: '2026-03-01' },
      'period-reversed',
      '[count:20]',
    ],
    ['a period for an act', { period: true, performedFrom: '2026-03-01' }, 'date-missing', '[count:8]'],
    ['an act for a rotation', { activities: ['rotation'] }, 'date-missing', '[count:8]'],
    ['an activity that is not in the catalogue', { activities: ['unknown'] }, 'activity-not-in-catalogue', '[count:21]'],
    ['two components of one requirement', { activities: ['angio', 'coro'] }, 'two-parts-of-one-requirement', '[count:20]'],
    ['a share without its classification', { activities: ['share'] }, 'classification-missing', '[count:6]'],
    [
      'a role that the scale does not have',
      { activities: ['share'], classified: { 'surgical-role': 'boss' } },
      'classification-unknown',
      '[count:3]',
    ],
    ['a level that the scale does not have', { autonomy: 'independent' }, 'autonomy-unknown', '[res:B3.3]'],
    ['a quantity below one', { quantity: 0 }, 'quantity-out-of-range', '[count:20]'],
    ['a quantity too large for what is done one by one', { quantity: 21 }, 'quantity-out-of-range', '[count:2]'],
    ['credits where none are due', { credits: 2 }, 'credits-missing', '[count:11]'],
    ['a credits activity without credits', { activities: ['credits'] }, 'credits-missing', '[count:11]'],
    ['a unit outside the network', { unitId: 'u9' }, 'unit-not-in-network', '[res:30]'],
    ['patient data in the note', { note: 'paziente Rossi' }, 'patient-data', '[count:26]'],
    ['a rotation together with an act', { activities: ['rotation', 'simple'], period: true }, 'activities-of-different-kinds', '[count:8]'],
    ['a non-professional entry with a counted activity', { kind: 'non-professional' }, 'activities-of-different-kinds', '[res:69]'],
  ];
  for (const [what, more, code, source] of refused)
    test(`${what} is refused ${source}`, () => given().when(record(more), context()).thenRejected(code));
  test('an entry dated inside a suspension is refused [res:E2.4] [count:15]', () =>
    given()
      .when(record(), context({ suspensions: [{ from: '2026-03-09', to: '2026-03-11' }] }))
      .thenRejected('entry-inside-suspension'));
  test('a suspended trainee logs nothing, not even for an earlier day, and again from the day after its end [res:E2.6] [count:24]', () => {
    const suspensions = [{ from: '2026-03-12', to: '2026-03-14' }];
    given()
      .when(record(), context({ today: '2026-03-14', suspensions }))
      .thenRejected('trainee-suspended');
    given()
      .when(record(), context({ today: '2026-03-15', suspensions }))
      .then(recorded());
  });
  test('bulk counted units take a quantity, several activities one entry [count:2] [count:21]', () => {
    given()
      .when(record({ activities: ['ecg'], quantity: 25 }), context())
      .then(recorded({ activities: ['ecg'], quantity: 25 }));
    given()
      .when(record({ activities: ['simple', 'ecg'] }), context())
      .then(recorded({ activities: ['simple', 'ecg'] }));
  });
});

describe('the states of an entry', () => {
  test('only drafts are changed; the same content again is nothing [count:23]', () => {
    given(recorded())
      .when({ type: 'AmendEntry', submit: false, ...content({ quantity: 2 }) }, context())
      .then({ type: 'EntryAmended', enrolmentId: 'n1', ...content({ quantity: 2 }) });
    given(recorded())
      .when({ type: 'AmendEntry', submit: false, ...content() }, context())
      .thenNothing();
    given(recorded(), submitted)
      .when({ type: 'AmendEntry', submit: false, ...content() }, context())
      .thenRejected('entry-not-a-draft');
    given(recorded())
      .when({ type: 'AmendEntry', submit: false, revision: 3, ...content() }, context())
      .thenRejected('entry-changed-meanwhile');
  });
  test('submitting twice is nothing the second time [res:E2.3]', () =>
    given(recorded(), submitted).when({ type: 'SubmitEntry' }, context()).thenNothing());
  test('a submitted entry is withdrawn to draft by its author [count:23]', () =>
    given(recorded(), submitted).when({ type: 'WithdrawEntry' }, context()).then({ type: 'EntryWithdrawn', enrolmentId: 'n1' }));
  test('returned with a reason it is a draft that can be changed [res:64]', () => {
    given(recorded(), submitted)
      .when({ type: 'ReturnEntry', validatorId: 'v1', reason: 'Manca il ruolo' }, context())
      .then({ type: 'EntryReturned', enrolmentId: 'n1', reason: 'Manca il ruolo' });
    given(recorded(), submitted, { type: 'EntryReturned', enrolmentId: 'n1', reason: 'x' })
      .when({ type: 'SubmitEntry' }, context())
      .then(submitted);
  });
  test('a rejection is final [count:23] [res:63]', () => {
    const rejected: EntryEvent = { type: 'EntryRejected', enrolmentId: 'n1', reason: 'x' };
    given(recorded(), submitted, rejected).when({ type: 'SubmitEntry' }, context()).thenRejected('entry-not-a-draft');
    given(recorded(), submitted, rejected).when(validate, context()).thenRejected('entry-not-submitted');
  });
  test('non-professional entries are neither returned nor rejected [res:70] [count:23]', () => {
    const formal = recorded({ kind: 'non-professional', activities: ['NP/lezione'] });
    given(formal, submitted)
      .when({ type: 'RejectEntry', validatorId: 'v1', reason: 'x' }, context())
      .thenRejected('not-for-non-professional');
    given(formal, submitted).when(validate, context()).then(validated());
  });
  test('a discarded draft is gone [count:23]', () =>
    given(recorded(), { type: 'EntryDiscarded', enrolmentId: 'n1' })
      .when({ type: 'SubmitEntry' }, context())
      .thenRejected('entry-not-found'));
});

describe('validating', () => {
  test('the author of an entry cannot validate it [res:B3.4]', () =>
    given(recorded(), submitted)
      .when({ ...validate, validatorId: 't1' }, context())
      .thenRejected('entry-validated-by-its-author'));
  test('a tutor validates only inside an assignment, the director always [res:E2.5]', () => {
    given(recorded(), submitted)
      .when(validate, context({ validator: { assigned: false, director: false } }))
      .thenRejected('no-assignment-on-that-day');
    given(recorded(), submitted)
      .when(validate, context({ validator: { assigned: false, director: true } }))
      .then(validated());
  });
  test('past activities are the director’s [res:79]', () => {
    given(recorded({ kind: 'past' }), submitted)
      .when(validate, context())
      .thenRejected('only-the-director-validates-past-activities');
    given(recorded({ kind: 'past' }), submitted)
      .when(validate, context({ validator: { assigned: false, director: true } }))
      .then(validated());
  });
  test('role, level and every classified value are recorded in full, copied where nothing was changed [count:3]', () => {
    const claimed = recorded({ activities: ['share'], classified: { 'surgical-role': 'first-operator', setting: 'ward' } });
    given(claimed, submitted)
      .when({ ...validate, classified: { 'surgical-role': 'second-operator' } }, context())
      .then({
        type: 'EntryValidated',
        enrolmentId: 'n1',
        validatorId: 'v1',
        certified: { autonomy: 'guided', classified: { 'surgical-role': 'second-operator', setting: 'ward' } },
        creditedTo: null,
        batchId: null,
      });
  });
  test('validating twice is nothing the second time [res:E2.3]', () =>
    given(recorded(), submitted, validated()).when(validate, context()).thenNothing());
  test('a row that changed since it was shown is not touched [res:E2.10]', () =>
    given(recorded(), submitted)
      .when({ ...validate, revision: 0 }, context())
      .thenRejected('entry-changed-meanwhile'));
  test('a cross credit is decided where one is due, to one of its targets [count:12]', () => {
    const due = context({ creditTargets: ['GINE-402-05'] });
    given(recorded({ activities: ['obstetrics'] }), submitted)
      .when(validate, due)
      .thenRejected('cross-credit-due');
    given(recorded({ activities: ['obstetrics'] }), submitted)
      .when({ ...validate, creditedTo: 'GINE-402-99' }, due)
      .thenRejected('cross-credit-not-allowed');
    given(recorded(), submitted)
      .when({ ...validate, creditedTo: 'GINE-402-05' }, context())
      .thenRejected('cross-credit-not-allowed');
  });
  test('a clock that went back opens no window that was closed [rev:sec-low]', () => {
    const undo = { type: 'ReverseValidation' as const, reversedBy: 'v1', reason: null, batchId: 'b1' };
    const at = (now: string) => given(recorded(), submitted, validated('b1')).when(undo, context({ now }));
    at('2026-01-01T08:58:59.000Z').thenRejected('undo-window-closed');
    at('2026-01-01T08:59:01.000Z').then({ type: 'ValidationReversed', enrolmentId: 'n1', reason: null, batchId: 'b1' });
  });
  test('a validation is taken back only by a recorded reversal, an own batch within 10 minutes [count:23] [res:E9]', () => {
    const undo = { type: 'ReverseValidation' as const, reversedBy: 'v1', reason: null, batchId: 'b1' };
    const soon = context({ now: '2026-01-01T09:09:00.000Z' });
    const late = context({ now: '2026-01-01T09:10:01.000Z' });
    given(recorded(), submitted, validated('b1'))
      .when(undo, soon)
      .then({ type: 'ValidationReversed', enrolmentId: 'n1', reason: null, batchId: 'b1' });
    given(recorded(), submitted, validated('b1')).when(undo, late).thenRejected('undo-window-closed');
    given(recorded(), submitted, validated('b2')).when(undo, soon).thenRejected('not-your-validation');
    given(recorded(), submitted, validated())
      .when({ ...undo, batchId: null, reversedBy: 'v2', reason: 'errore' }, context())
      .thenRejected('not-your-validation');
    given(recorded(), submitted, validated())
      .when({ ...undo, batchId: null, reason: 'errore' }, context())
      .then({ type: 'ValidationReversed', enrolmentId: 'n1', reason: 'errore', batchId: null });
  });
});

test('scope is set with the first event and holds trainee and school [arch:4]', () => {
  const state = entry.evolve(entry.initial, recorded(), { at: '2026-03-15T10:00:00.000Z', actor: { id: 't1', kind: 'person' } });
  assert.deepEqual(entry.scope(state), { schoolId: 's1', traineeId: 't1' });
});
