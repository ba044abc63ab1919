import assert from 'node:assert/strict';
import type { Activity } from '@ateneo/contracts';
import { specification, storedExamples } from '@ateneo/event-sourcing';
import { type Content, entry, type EntryContext, type EntryEvent, type ImportEntry } from '../entry/entry.decider.js';

const { given } = specification(entry);
const [entryId, enrolmentId, traineeId, schoolId, tutor] = ['e1', 'n1', 't1', 's1', 'v1'];
const ids = { entryId, enrolmentId, traineeId, schoolId };
const source = { importId: 'i1' };
const act = (code: string, more: Partial<Activity> = {}): Activity => ({
  code,
  setId: 'S',
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
  [act('simple'), act('share', { requires: [{ axis: 'surgical-role', values: [] }] }), act('crossed', { kind: 'cross-credit' })].map(
    (one) => [one.code, one],
  ),
);
const content = (more: Partial<Content> = {}): Content => ({
  kind: 'professional',
  activities: ['simple'],
  period: false,
  performedFrom: '2026-03-10',
  performedTo: '2026-03-10',
  unitId: null,
  quantity: 1,
  autonomy: null,
  classified: {},
  simulated: false,
  credits: null,
  note: '',
  ...more,
});
const context = (more: Partial<EntryContext> = {}, suspensions: { from: string; to: string | null }[] = []): EntryContext => ({
  today: '2026-03-15',
  now: '2026-03-15T10:00:00.000Z',
  reference: {
    enrolmentId,
    schoolId,
    contract: { from: '2023-11-01', to: '2028-10-31' },
    suspensions,
    activity: (code) => CATALOGUE.get(code),
    units: new Set(),
    scale: { levels: [], surgicalRoles: [] },
  },
  importWindow: true,
  validator: { assigned: true, director: false },
  creditTargets: [],
  ...more,
});
const row = (to: ImportEntry['to'], more: Partial<ImportEntry> = {}): ImportEntry => ({
  type: 'ImportEntry',
  ...ids,
  source,
  externalId: 'x1',
  to,
  validatorId: to === 'validated' ? tutor : null,
  creditedTo: null,
  ...content(),
  ...more,
});
const recorded = (more: Partial<Content> = {}): EntryEvent => ({
  type: 'EntryRecorded',
  ...ids,
  source,
  externalId: 'x1',
  ...content(more),
});
const submitted: EntryEvent = { type: 'EntrySubmitted', enrolmentId };
const validated: EntryEvent = {
  type: 'EntryValidated',
  enrolmentId,
  validatorId: tutor,
  certified: { autonomy: null, classified: {} },
  creditedTo: null,
  batchId: null,
};

describe('an imported row', () => {
  test('lands in the state that it says, in one append', () => {
    given().when(row('draft'), context()).then(recorded());
    given().when(row('submitted'), context()).then(recorded(), submitted);
    given().when(row('validated'), context()).then(recorded(), submitted, validated);
  });

  test('lands as submitted without window, assignment or validator, and where the validator is the trainee [count:25]', () => {
    for (const lacking of [{ importWindow: false }, { importWindow: undefined }, { validator: { assigned: false, director: true } }])
      given().when(row('validated'), context(lacking)).then(recorded(), submitted);
    given()
      .when(row('validated', { validatorId: null }), context())
      .then(recorded(), submitted);
    given()
      .when(row('validated', { validatorId: traineeId }), context())
      .then(recorded(), submitted);
  });

  test('of past activities is the director’s, not the tutor’s [count:25, res:79]', () => {
    given()
      .when(row('validated', { kind: 'past' }), context())
      .then(recorded({ kind: 'past' }), submitted);
    given()
      .when(row('validated', { kind: 'past' }), context({ validator: { assigned: false, director: true } }))
      .then(recorded({ kind: 'past' }), submitted, validated);
  });

  test('with a cross credit is validated only with one of its targets [count:12, count:20]', () => {
    const due = context({ creditTargets: ['R1', 'R2'] });
    const crossed = { activities: ['crossed'] };
    given().when(row('validated', crossed), due).then(recorded(crossed), submitted);
    given()
      .when(row('validated', { ...crossed, creditedTo: 'R2' }), due)
      .then(recorded(crossed), submitted, { ...validated, creditedTo: 'R2' } as EntryEvent);
    given()
      .when(row('validated', { ...crossed, creditedTo: 'R3' }), due)
      .thenRejected('cross-credit-not-allowed');
    given()
      .when(row('draft', { creditedTo: 'R1' }), context())
      .thenRejected('cross-credit-not-allowed');
  });

  test('may lack what a share asks for [count:6]', () =>
    given()
      .when(row('submitted', { activities: ['share'] }), context())
      .then(recorded({ activities: ['share'] }), submitted));

  test('is taken while the trainee is suspended, but not of a suspended day [count:15, count:24]', () => {
    given()
      .when(row('draft'), context({}, [{ from: '2026-03-12', to: null }]))
      .then(recorded());
    given()
      .when(row('draft'), context({}, [{ from: '2026-03-01', to: null }]))
      .thenRejected('entry-inside-suspension');
  });

  test('with patient data in its note is refused [count:26]', () =>
    given()
      .when(row('draft', { note: 'paziente Rossi' }), context())
      .thenRejected('patient-data', { field: 'note', kind: 'patient-name' }));

  test('with other content amends a draft, and is refused on anything else [arch:4]', () => {
    given(recorded())
      .when(row('draft', { quantity: 2 }), context())
      .then({ type: 'EntryAmended', enrolmentId, ...content({ quantity: 2 }) } as EntryEvent);
    given(recorded()).when(row('submitted'), context()).then(submitted);
    given(recorded()).when(row('draft'), context()).thenNothing();
    for (const later of [[submitted], [submitted, validated], [{ type: 'EntryDiscarded', enrolmentId } as EntryEvent]])
      given(recorded(), ...later)
        .when(row('draft', { quantity: 2 }), context())
        .thenRejected('entry-not-a-draft');
    given(recorded())
      .when(row('draft', { traineeId: 't2', quantity: 2 }), context())
      .thenRejected('id-already-used');
  });
});

describe('what is stored of a row of an import', () => {
  test('the id in the other system is sealed under the trainee, beside note and reasons [rev:sec-4]', () => {
    assert.deepEqual(entry.personal?.EntryRecorded, { fields: ['note', 'externalId'] });
  });

  test('an id that an earlier release stored in clear is in no answer any more [rev:sec-4]', () => {
    const stored = { ...ids, ...content(), source: { importId: 'i1', externalId: 'Marchetti Chiara' } };
    const raised = entry.upcasters?.find(({ type, from }) => type === 'EntryRecorded' && from === 1)?.up(stored);
    assert.deepEqual([raised?.['source'], raised?.['externalId']], [{ importId: 'i1' }, null]);
    assert.equal(storedExamples(entry, [{ type: 'EntryRecorded', data: stored }]).is, 'draft');
    assert.equal(storedExamples(entry, [{ type: 'EntryRecorded', data: { ...stored, source: null } }]).is, 'draft');
    const now = { ...stored, source: { importId: 'i1' }, externalId: 'x1' };
    assert.equal(storedExamples(entry, [{ type: 'EntryRecorded', version: 2, data: now }]).is, 'draft');
  });
});
