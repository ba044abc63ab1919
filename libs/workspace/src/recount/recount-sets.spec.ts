import assert from 'node:assert/strict';
import { recount, recountAll, type Recount, type RecountedFigure } from './recount.js';
import { did, ENROLMENT, event, logOf, period, published, step, trainee, type Written } from './hand-written-log.js';

const AS_OF = '2025-10-31';
const asked = (log: (Written | Written[])[], asOf = AS_OF, knownAt?: string): Recount =>
  recount(logOf(...log), { enrolmentId: ENROLMENT, asOf, knownAt })!;
const of = (it: Recount, id = 'R1') => it.sets.flatMap((set) => set.requirements).find((one) => one.requirementId === id)!;
const definitive = (log: (Written | Written[])[], id = 'R1'): RecountedFigure => of(asked(log), id).definitive;
const codes = (it: Recount) => it.remarks.map((remark) => remark.code);

const count = (id: string, minimum: number, more = {}) => ({ id, minimum, rule: { kind: 'min_count', minimum }, ...more });
const ROLE = 'surgical-role';
const first = { [ROLE]: 'first-operator' };
const second = { [ROLE]: 'second-operator' };
const share = (id: string, minimum: number, partMinimum: number) => ({
  ...{ id, minimum },
  rule: {
    kind: 'share',
    minimum,
    partMinimum,
    part: { axis: ROLE, value: 'first-operator' },
    remainder: { axis: ROLE, value: 'second-operator' },
  },
});

describe('derived requirements', () => {
  const subset = (id: string, minimum: number, more = {}) => ({ id, minimum, rule: { kind: 'subset_of', minimum, of: 'R1' }, ...more });
  test('a total takes what its addends counted, each entry once, without observers [count:7]', () => {
    const total = { id: 'T', minimum: 5, rule: { kind: 'sum_of', of: ['R1', 'R2'] } };
    const start = trainee([share('R1', 2, 1), share('R2', 3, 1), total]);
    const acts = [
      did(['R1', 'R2'], { classified: first, quantity: 4 }),
      did('R1', { classified: { [ROLE]: 'observer' } }),
      did('T', { quantity: 9 }),
    ];
    assert.deepEqual(
      [definitive([start, ...acts], 'T').n, definitive([start, ...acts, did('R2', { classified: second })], 'T').met],
      [4, true],
    );
  });
  test('an entry counts its quantity once in a requirement, whatever paths lead there [count:2]', () => {
    const log = [trainee([count('R1', 9), subset('S1', 5), subset('S2', 5)]), did(['R1', 'S1', 'S2'], { quantity: 3 })];
    assert.deepEqual([definitive(log).n, definitive(log, 'S1').n, definitive(log, 'S2').n], [3, 3, 3]);
  });
  test('a parent without simulation does not take a simulated entry from a subset with it [count:7]', () => {
    const log = [trainee([count('R1', 9), subset('S1', 5, { simulationAllowed: true })]), did('S1', { simulated: true })];
    assert.deepEqual([definitive(log).n, definitive(log, 'S1').n, codes(asked(log))], [0, 1, ['simulated-not-allowed']]);
  });
  test('surplus of a component never covers another; six items of ten make sixty [count:4]', () => {
    const parts = {
      id: 'R1',
      minimum: 30,
      rule: {
        kind: 'components',
        components: [
          { key: 'a', minimum: 10 },
          { key: 'b', minimum: 20 },
        ],
      },
    };
    const it = definitive([trainee([parts]), did('R1/a', { quantity: 15 }), did('R1/b', { quantity: 19 })]);
    assert.deepEqual([it.n, it.achieved, it.percent, it.met, it.parts.map((part) => part.met)], [34, 29, 96, false, [true, false]]);
    const each = { id: 'R1', minimum: 10, rule: { kind: 'each_of', minimumEach: 10, items: [...'abcdef'].map((key) => ({ key })) } };
    assert.deepEqual(definitive([trainee([each]), did('R1/a', { quantity: 12 })]).progress, { numerator: 1, denominator: 6 });
  });
  test('an entry with several activities feeds each requirement once, a finer activity several [count:21]', () => {
    const activity = { code: 'X/finer', kind: 'act', feeds: [{ requirementId: 'R1' }, { requirementId: 'R2' }] };
    const added = event('school-network.activity-added', { activity });
    const it = asked([
      trainee([count('R1', 9), count('R2', 9)]),
      added,
      did(['X/finer', 'R1'], { quantity: 2 }),
      did('X/unknown', { entryId: 'lost' }),
    ]);
    assert.deepEqual([of(it).definitive.n, of(it, 'R2').definitive.n], [2, 2]);
    assert.deepEqual(it.remarks, [{ code: 'activity-unmapped', entryId: 'lost' }]);
  });
  test('all is met when each rule is, and progresses as the lowest [count:4]', () => {
    const both = {
      id: 'R1',
      minimum: 250,
      rule: {
        kind: 'all',
        rules: [
          { kind: 'min_count', minimum: 250 },
          { kind: 'duration', minimum: 2, unit: 'months' },
        ],
      },
    };
    const log = [trainee([both]), did('R1', { quantity: 250 }), period('R1/rotation', '2021-02-15', '2021-03-14')];
    const it = definitive(log);
    assert.deepEqual(it.progress, { numerator: 1, denominator: 2 });
    assert.deepEqual(
      [it.n, it.percent, it.met, it.parts],
      [250, 99, false, [{ key: 'duration', n: 1, number: 1, minimum: 2, met: false }]],
    );
    assert.equal(definitive([...log, period('R1/rotation', '2021-03-15', '2021-04-14')]).met, true);
  });
  test('a cross credit counts in its one target with the certified role, a target out of the set lapses [count:12]', () => {
    const crossing = {
      id: 'X1',
      minimum: null,
      rule: { kind: 'cross_credit', from: { key: 'obstetrics' }, to: ['R1', 'R2'], decidedBy: 'tutor' },
    };
    const start = trainee([
      share('R1', 3, 1),
      share('R2', 3, 1),
      { id: 'T', minimum: 6, rule: { kind: 'sum_of', of: ['R1', 'R2'] } },
      crossing,
    ]);
    const certified = { autonomy: null, classified: first };
    const it = asked([
      start,
      did('obstetrics', { creditedTo: 'R2', certified }),
      did('obstetrics', { entryId: 'late', creditedTo: 'GONE' }),
      did('obstetrics', { state: 'submitted' }),
    ]);
    assert.deepEqual(
      ['R1', 'R2', 'T', 'X1'].map((id) => of(it, id).definitive.n),
      [0, 1, 1, 2],
    );
    assert.deepEqual([of(it, 'X1').provisional.n, of(it, 'R2').definitive.parts[0]!.n], [3, 1]);
    assert.deepEqual(
      it.remarks.filter((one) => one.code === 'cross-credit-lapsed'),
      [{ code: 'cross-credit-lapsed', entryId: 'late', requirementId: 'GONE' }],
    );
  });
});

describe('sets', () => {
  const qualitative = { id: 'Q', minimum: null, rule: { kind: 'qualitative', attestedBy: 'tutor' } };
  const attested = event('logbook.requirement-attested', { attestationId: 'at', requirementId: 'Q', from: '2021-05-01' });
  const revoked = event('logbook.attestation-revoked', { attestationId: 'at', requirementId: 'Q', from: '2021-06-01' });
  test('an attestation holds from its day until the day before its revocation, alike in both counters [count:13]', () => {
    const held = ['2021-04-30', '2021-05-01', '2021-05-31', '2021-06-01'].map(
      (day) => of(asked([trainee([qualitative]), attested, revoked], day), 'Q').provisional.n,
    );
    assert.deepEqual(held, [0, 1, 1, 0]);
  });
  test('an attestation given anew leaves the days before as they were; a withdrawn one was never given [rev:cor-1] [count:30]', () => {
    const again = event('logbook.requirement-attested', { attestationId: 'at', requirementId: 'Q', from: '2021-08-01' });
    const withdrawn = event('logbook.attestation-withdrawn', { attestationId: 'at', requirementId: 'Q', from: '2021-05-01' });
    const days = ['2021-05-15', '2021-06-15', '2021-08-15'];
    const held = (...log: Written[]) => days.map((day) => of(asked([trainee([qualitative]), ...log], day), 'Q').definitive.n);
    assert.deepEqual(held(attested, revoked, again), [1, 0, 1]);
    assert.deepEqual(held(attested, revoked, again, withdrawn), [0, 0, 1]);
    assert.deepEqual(held(attested, withdrawn), [0, 0, 0]);
  });
  test('the row of a cross credit counts its acts by state; only what was credited reaches a target [count:27]', () => {
    const crossed = { id: 'X', minimum: null, rule: { kind: 'cross_credit', from: { key: 'obstetrics' }, to: ['R1'] } };
    const log = [
      trainee([count('R1', 9), crossed]),
      did('obstetrics', { state: 'draft' }),
      did('obstetrics', { state: 'submitted', quantity: 2 }),
      did('obstetrics', { quantity: 4 }),
      did('obstetrics', { quantity: 8, creditedTo: 'R1' }),
    ];
    const row = of(asked(log), 'X');
    assert.deepEqual([row.definitive.n, row.provisional.n, row.logged, row.definitive.percent], [12, 14, 15, null]);
    assert.equal(definitive(log).n, 8);
  });
  test('an addend declared not applicable still feeds its sum, whose minimum stays [count:29]', () => {
    const sum = { id: 'T', minimum: 40, rule: { kind: 'sum_of', of: ['R1', 'R2'] } };
    const declared = event('career.requirement-declared-not-applicable', { requirementId: 'R1', act: 'Delibera 1', applicable: false });
    const set = asked([trainee([count('R1', 10), count('R2', 30), sum]), did('R1', { quantity: 10 }), declared]).sets[0]!;
    const [addend, total] = ['R1', 'T'].map((id) => set.requirements.find((it) => it.requirementId === id)!);
    assert.deepEqual([addend!.applicable, total!.definitive.number, total!.definitive.minimum], [false, 10, 40]);
    assert.equal(set.percent.definitive, 12);
  });
  test('credits count when validated, in both counters [count:11]', () => {
    const credits = { id: 'R1', minimum: 60, rule: { kind: 'credits', minimum: 60, scope: { key: 'psychotherapy' } } };
    const it = of(asked([trainee([credits]), did('R1', { credits: 29.5 }), did('R1', { credits: 30, state: 'submitted' })]));
    assert.deepEqual([it.definitive.n, it.provisional.n, it.logged, it.definitive.percent], [29.5, 29.5, 59.5, 49]);
  });
  test('before an elective track is chosen only common items apply and the set cannot be met [count:14]', () => {
    const track = (id: string, key: string) => ({
      id,
      minimum: 1,
      rule: { kind: 'track', track: key, rule: { kind: 'min_count', minimum: 1 } },
    });
    const start = trainee(
      [track('R1', 'base'), track('R2', 'one'), track('R3', 'two')],
      [
        { key: 'base', mode: 'common' },
        { key: 'one', mode: 'elective' },
        { key: 'two', mode: 'elective' },
      ],
    );
    const applicable = (it: Recount) => it.sets[0]!.requirements.filter((one) => one.applicable).map((one) => one.requirementId);
    const [before, after] = [asked([start, did('R1')]), asked([start, did(['R1', 'R2']), event('career.track-chosen', { track: 'one' })])];
    assert.deepEqual(
      [applicable(before), before.sets[0]!.met.definitive, before.sets[0]!.track],
      [['R1'], false, { chosen: null, missing: true }],
    );
    assert.deepEqual([applicable(after), after.sets[0]!.met.definitive, after.sets[0]!.percent.definitive], [['R1', 'R2'], true, 100]);
  });
  test('a requirement declared not applicable leaves totals until a later declaration [count:16]', () => {
    const start = [trainee([count('R1', 1), count('R2', 1)]), did('R1')];
    const declared = (scope: string, applicable: boolean) =>
      event(`${scope}.requirement-declared-not-applicable`, { cohortId: 'cohort-1', requirementId: 'R2', act: 'A', applicable });
    const percents = [
      [],
      [declared('career', false)],
      [declared('school-network', false), declared('career', true)],
      [declared('career', false), declared('career', true)],
    ].map((it) => asked([...start, it]).sets[0]!.percent.definitive);
    assert.deepEqual(percents, [50, 100, 100, 50]);
  });
  test('the percentage is the mean of capped progresses rounded down, attestations beside it [count:18]', () => {
    const it = asked([trainee([count('R1', 3), count('R2', 1), qualitative]), did('R1', { quantity: 2 }), did('R2', { quantity: 7 })])
      .sets[0]!;
    assert.deepEqual([it.percent.definitive, it.missingAttestations, it.met.definitive], [83, 1, false]);
    assert.equal(asked([trainee([qualitative]), attested]).sets[0]!.percent.definitive, null);
  });
  test('core and supplement are evaluated apart, in the sets that the cohort is bound to now [count:17]', () => {
    const bound = event('school-network.cohort-bound-to-requirement-set', {
      cohortId: 'cohort-1',
      coreSetId: 'OTHER',
      supplementSetIds: ['MORE'],
    });
    const it = asked([
      trainee([count('R1', 1)]),
      published('OTHER', [count('R2', 1)]),
      published('MORE', [count('R3', 2)]),
      bound,
      did('R2'),
      did('R3'),
      did('R1'),
    ]);
    assert.deepEqual(
      it.sets.map((set) => [set.setId, set.met.definitive, set.percent.definitive]),
      [
        ['OTHER', true, 100],
        ['MORE', false, 50],
      ],
    );
    assert.deepEqual(codes(it), ['activity-unmapped']);
  });
  test('an act of 20 June validated on 5 July is definitive as of 30 June, not as known then [count:22]', () => {
    const log = [trainee([count('R1', 1)]), did('R1', { on: '2021-06-20', state: 'submitted', entryId: 'e', recordedOn: '2021-06-21' })];
    const all = [...log, step('entry-validated', 'e', { certified: { autonomy: null, classified: {} }, creditedTo: null }, '2021-07-05')];
    assert.equal(of(asked(all, '2021-06-30')).definitive.n, 1);
    const then = of(asked(all, '2021-06-30', '2021-06-30'));
    assert.deepEqual([then.definitive.n, then.provisional.n], [0, 1]);
    assert.deepEqual([recount(logOf(...all), { enrolmentId: ENROLMENT, asOf: AS_OF, knownAt: '2020-10-31' })], [undefined]);
  });
  test('the day of a record is that of Rome [count:22]', () => {
    const log = logOf(trainee([count('R1', 1)]), did('R1')).map((it) =>
      it.type.startsWith('logbook.') ? { ...it, time: '2021-06-30T22:30:00Z' } : it,
    );
    const known = ['2021-06-30', '2021-07-01'].map(
      (knownAt) => of(recount(log, { enrolmentId: ENROLMENT, asOf: AS_OF, knownAt })!).definitive.n,
    );
    assert.deepEqual(known, [0, 1]);
  });
  test('every enrolment of a log is recounted, also from a stream of events', async () => {
    async function* streamed() {
      yield* logOf(trainee([count('R1', 1)]), did('R1'));
    }
    assert.equal(of((await recountAll(streamed(), AS_OF)).get(ENROLMENT)!).definitive.n, 1);
  });
});
