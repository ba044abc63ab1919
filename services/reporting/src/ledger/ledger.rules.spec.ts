import assert from 'node:assert/strict';
import { dayNumber } from '@ateneo/calendar';
import type { reporting } from '@ateneo/contracts';
import { entryId, ids, Log } from '../../test/log.js';
import { countersOf, entriesBehind, remarksOf } from './counters.rules.js';
import type { Enrolment } from './enrolment.rules.js';
import type { Ledger } from './ledger.rules.js';

const first = { classified: { 'surgical-role': 'first-operator' } };
const second = { classified: { 'surgical-role': 'second-operator' } };
const enrolmentOf = (ledger: Ledger): Enrolment => ledger.enrolments.get(ids.enrolment) as Enrolment;
const askOf = (asOf: string, knownBy?: string) => ({
  asOf: dayNumber(asOf),
  knownBy: knownBy === undefined ? undefined : dayNumber(knownBy),
  months: 'calendar' as const,
});
const counter = (log: Log, requirementId: string, asOf = '2026-11-20', knownBy?: string): reporting.RequirementCounter | undefined => {
  const ledger = log.ledger();
  return countersOf(enrolmentOf(ledger), ledger.network, askOf(asOf, knownBy))
    ?.flatMap((it) => it.requirements)
    .find((it) => it.requirementId === requirementId);
};
const n = (it: reporting.RequirementCounter | undefined) => [it?.definitive.n, it?.provisional.n, it?.logged];
const chir = () => new Log().on('2026-01-01').school('CHIR-402').trainee('CHIR-402').on('2026-01-15');

describe('an entry on its way', () => {
  test('draft, submitted, validated, reversed: each state counts where it should [count:23]', () => {
    const log = chir().record(1, ['CHIR-402-01'], { quantity: 3, ...first });
    assert.deepEqual(n(counter(log, 'CHIR-402-01')), [0, 0, 3]);
    assert.deepEqual(n(counter(log.entry(1, 'entry-submitted'), 'CHIR-402-01')), [0, 3, 3]);
    assert.deepEqual(n(counter(log.validate(1, first), 'CHIR-402-01')), [3, 3, 3]);
    assert.deepEqual(n(counter(log.entry(1, 'validation-reversed', { batchId: null }), 'CHIR-402-01')), [0, 3, 3]);
  });
  test('returning lowers the provisional counter by the quantity and never changes the definitive one [res:E2.2]', () => {
    const log = chir()
      .record(1, ['CHIR-402-01'], first)
      .entry(1, 'entry-submitted')
      .validate(1, first)
      .record(2, ['CHIR-402-01'], { quantity: 4, ...first })
      .entry(2, 'entry-submitted');
    assert.deepEqual(n(counter(log, 'CHIR-402-01')), [1, 5, 5]);
    assert.deepEqual(n(counter(log.entry(2, 'entry-returned'), 'CHIR-402-01')), [1, 1, 5]);
  });
  test('a rejected or discarded entry counts nowhere [count:1]', () => {
    const log = chir()
      .record(1, ['CHIR-402-01'], first)
      .entry(1, 'entry-submitted')
      .entry(1, 'entry-rejected')
      .record(2, ['CHIR-402-01'], first)
      .entry(2, 'entry-discarded');
    assert.deepEqual(n(counter(log, 'CHIR-402-01')), [0, 0, 0]);
  });
  test('certified beats claimed, and a reversal brings the claim back [count:3]', () => {
    const log = chir()
      .record(1, ['CHIR-402-01'], { ...first, autonomy: 'autonomous' })
      .entry(1, 'entry-submitted')
      .validate(1, { ...second, autonomy: 'guided' });
    assert.deepEqual(
      [counter(log, 'CHIR-402-01')?.definitive.parts[0]?.n, counter(log, 'CHIR-402-01')?.definitive.levels],
      [0, { guided: 1 }],
    );
    const reversed = counter(log.entry(1, 'validation-reversed', { batchId: null }), 'CHIR-402-01');
    assert.deepEqual([reversed?.provisional.parts[0]?.n, reversed?.provisional.levels], [1, { autonomous: 1 }]);
  });
  test('the same entry delivered twice is one entry, validating twice counts once [res:E2.3]', () => {
    const log = chir()
      .record(1, ['CHIR-402-01'], first)
      .entry(1, 'entry-submitted')
      .validate(1, first)
      .validate(1, first)
      .record(1, ['CHIR-402-01'], first);
    const twice = chir();
    twice.events.push(...log.events.slice(twice.events.length), ...log.events);
    assert.deepEqual(
      [n(counter(log, 'CHIR-402-01')), n(counter(twice, 'CHIR-402-01'))],
      [
        [1, 1, 1],
        [1, 1, 1],
      ],
    );
  });
  test('two entries alike are two entries [count:19]', () =>
    assert.equal(counter(chir().record(1, ['CHIR-402-01'], first).record(2, ['CHIR-402-01'], first), 'CHIR-402-01')?.logged, 2));
});

describe('as of and as known', () => {
  const late = () =>
    chir()
      .on('2026-06-21')
      .record(1, ['CHIR-402-01'], { ...first, performedFrom: '2026-06-20', performedTo: '2026-06-20' })
      .entry(1, 'entry-submitted')
      .on('2026-07-05')
      .validate(1, first);
  test('an act of 20 June validated on 5 July is in the definitive counter as of 30 June [count:22]', () => {
    assert.equal(counter(late(), 'CHIR-402-01', '2026-06-30')?.definitive.n, 1);
    assert.equal(counter(late(), 'CHIR-402-01', '2026-06-19')?.definitive.n, 0);
  });
  test('it is not in what was known by 30 June [count:22]', () =>
    assert.deepEqual(n(counter(late(), 'CHIR-402-01', '2026-06-30', '2026-06-30')), [0, 1, 1]));
  test('what was known on a day never changes when later events arrive [res:E2.11]', () => {
    const log = late();
    const before = counter(log, 'CHIR-402-01', '2026-07-05', '2026-07-05');
    log
      .on('2026-08-01')
      .entry(1, 'validation-reversed', { batchId: null })
      .entry(1, 'entry-returned')
      .career('requirement-declared-not-applicable', { requirementId: 'CHIR-402-01', act: 'x', applicable: false });
    assert.deepEqual(counter(log, 'CHIR-402-01', '2026-07-05', '2026-07-05'), before);
    assert.equal(counter(log, 'CHIR-402-01')?.applicable, false);
  });
  test('references too are as known then: before the enrolment was known there is nothing [count:22]', () => {
    assert.equal(counter(late(), 'CHIR-402-01', '2025-12-31', '2025-12-31'), undefined);
    const moved = late().on('2026-09-01').publish('CHIR-68').add('school-network.cohort-bound-to-requirement-set.v1', 'cohort-1', {
      cohortId: ids.cohort,
      coreSetId: 'CHIR-68',
      supplementSetIds: [],
    });
    assert.equal(counter(moved, 'CHIR-402-01'), undefined);
    assert.equal(counter(moved, 'CHIR-402-01', '2026-08-31', '2026-08-31')?.definitive.n, 1);
  });
  test('the end of a day is the end of the day in Rome [arch:5]', () => {
    const log = chir();
    log.at = '2026-07-05T22:30:00.000Z';
    log.record(1, ['CHIR-402-01'], first);
    assert.deepEqual(
      [counter(log, 'CHIR-402-01', '2026-07-05', '2026-07-05')?.logged, counter(log, 'CHIR-402-01', '2026-07-06', '2026-07-06')?.logged],
      [0, 1],
    );
  });
});

describe('references that arrive later', () => {
  test('a suspension recorded later takes days out of periods, not acts [count:15]', () => {
    const log = chir()
      .record(1, ['CHIR-402-06/rotation'], { period: true, performedFrom: '2024-11-01', performedTo: '2025-10-31' })
      .record(2, ['CHIR-402-01'], { ...first, performedFrom: '2025-01-10', performedTo: '2025-01-10' });
    for (const entry of [1, 2]) log.entry(entry, 'entry-submitted').validate(entry, first);
    assert.equal(counter(log, 'CHIR-402-06')?.definitive.n, 2);
    log.career('suspension-recorded', { suspensionId: 's', from: '2025-01-01', to: null, estimatedTo: null });
    assert.deepEqual([counter(log, 'CHIR-402-06')?.definitive.n, counter(log, 'CHIR-402-01')?.definitive.n], [0, 1]);
    log.career('suspension-ended', { suspensionId: 's', to: '2025-01-31' });
    assert.deepEqual([counter(log, 'CHIR-402-06')?.definitive.n, counter(log, 'CHIR-402-06')?.definitive.percent], [1, 91]);
  });
  test('a finer activity of the school feeds what it is mapped to, each once [count:21]', () => {
    const activity = {
      code: 'CHIR/x',
      setId: 'CHIR-402',
      label: { it: 'x', en: 'x' },
      kind: 'act',
      feeds: [{ requirementId: 'CHIR-402-01' }, { requirementId: 'CHIR-402-02' }],
      unit: 'procedures',
      bulk: false,
      requires: [],
      simulationAllowed: false,
    };
    const log = chir()
      .add('school-network.activity-added.v1', 'school-1', { schoolId: ids.school, activity })
      .record(1, ['CHIR/x', 'CHIR-402-01'], first);
    assert.deepEqual(
      ['CHIR-402-01', 'CHIR-402-02', 'CHIR-402-04'].map((id) => counter(log, id)?.logged),
      [1, 1, 1],
    );
  });
});

describe('attestations', () => {
  const told = (log: Log, fact: 'requirement-attested' | 'attestation-revoked' | 'attestation-withdrawn', from: string) =>
    log.add(`logbook.${fact}.v1`, 'attestation-1', {
      attestationId: 'a',
      ...{ enrolmentId: ids.enrolment, traineeId: ids.trainee, schoolId: ids.school, requirementId: 'CHIR-402-05' },
      from,
    });
  const held = (log: Log, days: readonly string[], knownBy?: string) =>
    days.map((day) => counter(log, 'CHIR-402-05', day, knownBy)?.definitive.met);
  const spells = (log: Log) => counter(log, 'CHIR-402-05')?.attestations;

  test('an attestation and its revocation move the requirement [count:13]', () => {
    const log = told(chir(), 'requirement-attested', '2026-02-01');
    assert.equal(counter(log, 'CHIR-402-05')?.definitive.met, true);
    told(log, 'attestation-revoked', '2026-03-01');
    assert.deepEqual(held(log, ['2026-02-28', '2026-03-01']), [true, false]);
  });
  test('given anew, it does not rewrite the days before [rev:cor-1] [count:30]', () => {
    const log = told(chir(), 'requirement-attested', '2026-02-01');
    told(told(log, 'attestation-revoked', '2026-03-01'), 'requirement-attested', '2026-05-01');
    assert.deepEqual(held(log, ['2026-01-31', '2026-02-01', '2026-02-28', '2026-03-01', '2026-04-30', '2026-05-01']), [
      ...[false, true, true, false, false, true],
    ]);
    told(log, 'attestation-revoked', '2026-06-01');
    assert.deepEqual(held(log, ['2026-02-15', '2026-05-31', '2026-06-01']), [true, true, false]);
  });
  test('withdrawn, it is as if never given, the others stand, and both are told [rev:cor-1] [count:30]', () => {
    const log = told(told(chir(), 'requirement-attested', '2026-02-01'), 'attestation-revoked', '2026-03-01');
    told(told(log, 'requirement-attested', '2026-05-01'), 'attestation-withdrawn', '2026-02-01');
    assert.deepEqual(held(log, ['2026-02-15', '2026-05-01']), [false, true]);
    told(log, 'attestation-withdrawn', '2026-05-01');
    assert.deepEqual(held(log, ['2026-02-15', '2026-05-01']), [false, false]);
    assert.deepEqual(spells(log), [
      { from: '2026-02-01', until: '2026-03-01', withdrawn: true },
      { from: '2026-05-01', until: null, withdrawn: true },
    ]);
  });
  test('as known at a day, only what had been told of them by then decides [rev:cor-1] [count:22] [count:30]', () => {
    const log = told(chir().on('2026-02-10'), 'requirement-attested', '2026-02-01');
    told(log.on('2026-04-10'), 'attestation-revoked', '2026-03-01');
    told(log.on('2026-06-10'), 'requirement-attested', '2026-05-01');
    told(log.on('2026-08-10'), 'attestation-withdrawn', '2026-02-01');
    const days = ['2026-02-15', '2026-03-15', '2026-05-15'];
    const known = ['2026-02-09', '2026-02-10', '2026-04-10', '2026-06-10', '2026-08-10'].map((knownBy) => held(log, days, knownBy));
    assert.deepEqual(known, [
      [false, false, false],
      [true, true, true],
      [true, false, false],
      [true, false, true],
      [false, false, true],
    ]);
  });
});

describe('several sets in force', () => {
  test('core and supplement both see every entry [count:17]', () => {
    const log = new Log()
      .school('PSI-402', ['PSI-D50'])
      .trainee('PSI-402')
      .record(1, ['PSI-D50-01'], { credits: 1.5 })
      .record(2, ['PSI-402-01'], { quantity: 2 });
    assert.deepEqual([counter(log, 'PSI-D50-01')?.logged, counter(log, 'PSI-402-01')?.logged], [1.5, 2]);
  });
});

describe('behind a number', () => {
  test('its entries stand, with the way they came [arch:5]', () => {
    const log = chir().record(1, ['CHIR-402-01'], first).entry(1, 'entry-submitted').record(2, ['CHIR-402-01'], first);
    const ledger = log.ledger();
    assert.deepEqual(
      entriesBehind(enrolmentOf(ledger), ledger.network, 'CHIR-402-04', askOf('2026-11-20'))?.map((it) => [it.fact.entryId, it.via]),
      [[entryId(1), 'CHIR-402-01']],
    );
    assert.equal(entriesBehind(enrolmentOf(ledger), ledger.network, 'CHIR-68-01', askOf('2026-11-20')), undefined);
  });
  test('remarks are about what counts or should count, not about drafts [count:6]', () => {
    const ledger = chir().record(1, ['CHIR-402-01']).record(2, ['CHIR-402-01']).entry(2, 'entry-submitted').ledger();
    assert.deepEqual(
      remarksOf(enrolmentOf(ledger), ledger.network, askOf('2026-11-20')).map((it) => it.entryId),
      [entryId(2)],
    );
  });
});
