import { readFileSync } from 'node:fs';
import assert from 'node:assert/strict';
import { specification, type StoredExample, storedExamples } from '@ateneo/event-sourcing';
import { enrolment, type EnrolmentContext, type EnrolmentEvent } from './enrolment.decider.js';
import { trainingYears } from './training-years.rules.js';

const { given } = specification(enrolment);
const facts = { enrolmentId: 'e1', traineeId: 't1', schoolId: 's1', cohortId: 'c1', studentNumber: '0451', contractStart: '2023-11-01' };
const years = (suspensions: { from: string; to: string | null; estimatedTo: string | null }[] = [], endedOn?: string): EnrolmentEvent => ({
  type: 'TrainingYearsDated',
  years: trainingYears({ contractStart: '2023-11-01', courseYears: 4, suspensions, endedOn }),
});
const enrolled: EnrolmentEvent[] = [{ type: 'TraineeEnrolled', courseYears: 4, ...facts }, years()];
const cohort = { schoolId: 's1', courseYears: 4, tracks: ['primary-care'], requirements: new Set(['PED-402-01']) };
const context: EnrolmentContext = { today: '2025-03-10', mayTouchEarlierYears: false, cohort };
const wholly: EnrolmentContext = { ...context, mayTouchEarlierYears: true };

const march = { from: '2025-03-01', to: '2025-03-31', estimatedTo: null };
const record = { type: 'RecordSuspension' as const, suspensionId: 'x', kind: 'maternity', ...march };
const correct = { type: 'CorrectSuspension' as const, suspensionId: 'x', withdrawn: false, ...march };
const recorded: EnrolmentEvent[] = [...enrolled, { ...record, type: 'SuspensionRecorded' }, years([march])];

describe('enrolment', () => {
  test('an enrolment and its training years are one append [res:83] [res:91]', () =>
    given()
      .when({ type: 'EnrolTrainee', ...facts }, context)
      .then(...enrolled));
  test('the same enrolment again is nothing new, also after a move to another cohort', () => {
    given(...enrolled)
      .when({ type: 'EnrolTrainee', ...facts }, context)
      .thenNothing();
    given(...enrolled, { type: 'TraineeMovedToCohort', cohortId: 'c2' })
      .when({ type: 'EnrolTrainee', ...facts }, context)
      .thenNothing();
  });
  test('an id in use with other content is refused [arch:4]', () =>
    given(...enrolled)
      .when({ type: 'EnrolTrainee', ...facts, traineeId: 't2' }, context)
      .thenRejected('id-already-used'));
  test('a trainee is enrolled in a cohort of the school', () => {
    given()
      .when({ type: 'EnrolTrainee', ...facts }, { ...context, cohort: undefined })
      .thenRejected('cohort-not-found');
    given()
      .when({ type: 'EnrolTrainee', ...facts }, { ...context, cohort: { ...cohort, schoolId: 's2' } })
      .thenRejected('cohort-of-another-school');
  });
  test('nobody erased is enrolled [arch:4]', () =>
    given()
      .when({ type: 'EnrolTrainee', ...facts }, { ...context, personErased: true })
      .thenRejected('person-erased'));
  test('an enrolment that does not exist takes no command', () => given().when(record, context).thenRejected('enrolment-not-found'));

  test('a move within the school keeps everything else', () => {
    given(...enrolled)
      .when({ type: 'MoveToCohort', cohortId: 'c2' }, context)
      .then({ type: 'TraineeMovedToCohort', cohortId: 'c2' });
    given(...enrolled)
      .when({ type: 'MoveToCohort', cohortId: 'c1' }, context)
      .thenNothing();
    given(...enrolled)
      .when({ type: 'MoveToCohort', cohortId: 'c2' }, { ...context, cohort: { ...cohort, schoolId: 's2' } })
      .thenRejected('cohort-of-another-school');
    given(...enrolled)
      .when({ type: 'MoveToCohort', cohortId: 'c2' }, { ...context, cohort: undefined })
      .thenRejected('cohort-not-found');
  });
  test('a track that the core set does not know is refused [count:20]', () =>
    given(...enrolled)
      .when({ type: 'ChooseTrack', track: 'surgery' }, context)
      .thenRejected('unknown-track', { field: 'track', tracks: ['primary-care'] }));
  test('a track is chosen once, and changed by choosing another [count:14]', () => {
    given(...enrolled)
      .when({ type: 'ChooseTrack', track: 'primary-care' }, context)
      .then({ type: 'TrackChosen', track: 'primary-care' });
    given(...enrolled, { type: 'TrackChosen', track: 'primary-care' })
      .when({ type: 'ChooseTrack', track: 'primary-care' }, context)
      .thenNothing();
  });

  test('a suspension and the years that it moves are one append [res:95] [res:91]', () =>
    given(...enrolled)
      .when(record, context)
      .then({ ...record, type: 'SuspensionRecorded' }, years([march])));
  test('the same suspension twice changes nothing [res:E2.7]', () =>
    given(...recorded)
      .when(record, context)
      .thenNothing());
  test('other days under the same id are refused, and so is an id that was withdrawn', () => {
    given(...recorded)
      .when({ ...record, to: '2025-04-30' }, context)
      .thenRejected('id-already-used');
    given(...recorded, { ...correct, type: 'SuspensionCorrected', withdrawn: true }, years())
      .when(record, context)
      .thenRejected('id-already-used');
  });
  test('the same days under another id do not move the years [res:E2.7]', () =>
    given(...recorded)
      .when({ ...record, suspensionId: 'y' }, context)
      .then({ ...record, type: 'SuspensionRecorded', suspensionId: 'y' }));
  test('an estimate is kept for an open suspension only [res:B5]', () => {
    given(...enrolled)
      .when({ ...record, estimatedTo: '2025-05-31' }, context)
      .then({ ...record, type: 'SuspensionRecorded' }, years([march]));
    const open = { from: '2025-03-01', to: null, estimatedTo: '2025-05-31' };
    given(...enrolled)
      .when({ ...record, ...open }, context)
      .then({ ...record, type: 'SuspensionRecorded', ...open }, years([open]));
  });
  test('a suspension ends on or after its first day, and so does its estimate', () => {
    given(...enrolled)
      .when({ ...record, to: '2025-02-28' }, context)
      .thenRejected('period-reversed');
    given(...enrolled)
      .when({ ...record, to: '2025-03-01' }, context)
      .then({ ...record, type: 'SuspensionRecorded', to: '2025-03-01' }, years([{ ...march, to: '2025-03-01' }]));
    given(...enrolled)
      .when({ ...record, to: null, estimatedTo: '2025-02-28' }, context)
      .thenRejected('period-reversed');
  });
  test('a suspension lies within the contract', () => {
    given(...enrolled)
      .when({ ...record, from: '2023-10-31' }, wholly)
      .thenRejected('outside-contract');
    given(...enrolled)
      .when({ ...record, from: '2027-11-01', to: '2027-11-10' }, wholly)
      .thenRejected('outside-contract');
    const last = { ...record, from: '2027-10-31', to: '2027-11-10' };
    given(...enrolled)
      .when(last, wholly)
      .then({ ...last, type: 'SuspensionRecorded' }, years([last]));
  });
  test('a school secretariat may not touch a day before the current training year, the university may [res:96] [res:97]', () => {
    const earlier = { ...record, from: '2024-10-31', to: '2024-10-31' };
    given(...enrolled)
      .when(earlier, context)
      .thenRejected('earlier-year-needs-administrator');
    given(...enrolled)
      .when(earlier, wholly)
      .then({ ...earlier, type: 'SuspensionRecorded' }, years([earlier]));
    const first = { ...record, from: '2024-11-01', to: '2024-11-01' };
    given(...enrolled)
      .when(first, context)
      .then({ ...first, type: 'SuspensionRecorded' }, years([first]));
  });
  test('a correction moves the years again, the same one twice changes nothing [res:91]', () => {
    const shorter = { ...correct, to: '2025-03-10' };
    given(...recorded)
      .when(shorter, context)
      .then({ ...shorter, type: 'SuspensionCorrected' }, years([shorter]));
    given(...recorded)
      .when(correct, context)
      .thenNothing();
    given(...enrolled)
      .when(correct, context)
      .thenRejected('suspension-not-found');
  });
  test('a correction judges the old days and the new ones [res:97]', () => {
    given(...recorded)
      .when({ ...correct, from: '2024-10-31' }, context)
      .thenRejected('earlier-year-needs-administrator');
    given(...recorded)
      .when({ ...correct, from: '2025-04-30' }, context)
      .thenRejected('period-reversed');
    given(...recorded)
      .when({ ...correct, from: '2020-01-01' }, wholly)
      .thenRejected('outside-contract');
    given(...recorded)
      .when({ ...correct, from: '2026-05-01', to: '2026-05-31' }, { ...context, today: '2026-06-01' })
      .thenRejected('earlier-year-needs-administrator');
    given(...recorded)
      .when({ ...correct, to: '2025-04-10' }, { ...context, today: '2026-06-01' })
      .thenRejected('earlier-year-needs-administrator');
  });
  test('a suspension that stays open beyond its estimate keeps its year current, and the school closes it [res:96]', () => {
    const open = { from: '2024-10-01', to: null, estimatedTo: '2024-12-31' };
    const closed = { ...correct, from: '2024-10-01', to: '2025-06-09' };
    given(...enrolled, { ...record, type: 'SuspensionRecorded', ...open }, years([open]))
      .when(closed, { ...context, today: '2025-06-10' })
      .then({ ...closed, type: 'SuspensionCorrected' }, years([closed]));
  });
  test('a withdrawn suspension gives its days back, once [res:91]', () => {
    const withdraw = { ...correct, withdrawn: true };
    given(...recorded)
      .when(withdraw, context)
      .then({ ...withdraw, type: 'SuspensionCorrected' }, years());
    given(...recorded, { ...withdraw, type: 'SuspensionCorrected' }, years())
      .when(withdraw, context)
      .thenNothing();
  });
  test('a suspension ends when its last day is over, and once [res:99]', () => {
    const end = { type: 'EndSuspension' as const, suspensionId: 'x' };
    given(...recorded)
      .when(end, { ...context, today: '2025-03-31' })
      .thenNothing();
    given(...recorded)
      .when(end, { ...context, today: '2025-04-01' })
      .then({ type: 'SuspensionEnded', suspensionId: 'x', to: '2025-03-31' });
    given(...recorded, { type: 'SuspensionEnded', suspensionId: 'x', to: '2025-03-31' })
      .when(end, { ...context, today: '2025-04-02' })
      .thenNothing();
    given(...enrolled)
      .when(end, context)
      .thenNothing();
  });
  test('a suspension prolonged after its end ends again [res:99]', () => {
    const longer = { ...march, to: '2025-04-30' };
    given(
      ...recorded,
      { type: 'SuspensionEnded', suspensionId: 'x', to: '2025-03-31' },
      { type: 'SuspensionCorrected', suspensionId: 'x', withdrawn: false, ...longer },
      years([longer]),
    )
      .when({ type: 'EndSuspension', suspensionId: 'x' }, { ...context, today: '2025-05-01' })
      .then({ type: 'SuspensionEnded', suspensionId: 'x', to: '2025-04-30' });
  });

  test('a requirement is declared not applicable with act and reason, and applicable again [count:16]', () => {
    const declared = { requirementId: 'PED-402-01', act: 'Delibera 12', reason: 'Manca il reparto' };
    const not: EnrolmentEvent = { type: 'RequirementDeclaredNotApplicable', ...declared };
    given(...enrolled)
      .when({ type: 'DeclareRequirement', applicable: false, ...declared }, context)
      .then(not);
    given(...enrolled, not)
      .when({ type: 'DeclareRequirement', applicable: false, ...declared }, context)
      .thenNothing();
    given(...enrolled, not)
      .when({ type: 'DeclareRequirement', applicable: true, ...declared }, context)
      .then({ ...not, type: 'RequirementDeclaredApplicable' });
    given(...enrolled)
      .when({ type: 'DeclareRequirement', applicable: true, ...declared }, context)
      .thenNothing();
    given(...enrolled)
      .when({ type: 'DeclareRequirement', applicable: false, ...declared, requirementId: 'PED-402-99' }, context)
      .thenRejected('requirement-not-found');
  });
  test('the reason of a declaration holds nothing of a patient, disguised or not [rev:sec-low] [count:26]', () => {
    const declared = { requirementId: 'PED-402-01', act: 'Delibera 12/2026', reason: 'paziente Rossi trasferito' };
    for (const reason of ['paziente Rossi trasferito', 'cartella \u0661\u0662\u0663\u0664\u0665\u0666\u0667'])
      given(...enrolled)
        .when({ type: 'DeclareRequirement', applicable: false, ...declared, reason }, context)
        .thenRejected('patient-data');
  });
  test('a contract ends early within its days, and its years with it [res:B5]', () => {
    const end = { type: 'EndContract' as const, on: '2025-06-30' };
    given(...enrolled)
      .when(end, context)
      .then({ type: 'ContractEnded', on: '2025-06-30' }, years([], '2025-06-30'));
    given(...enrolled, { type: 'ContractEnded', on: '2025-06-30' }, years([], '2025-06-30'))
      .when(end, context)
      .thenNothing();
    given(...enrolled)
      .when({ ...end, on: '2023-10-31' }, context)
      .thenRejected('outside-contract');
    given(...enrolled)
      .when({ ...end, on: '2027-11-01' }, context)
      .thenRejected('outside-contract');
    given(...enrolled, { type: 'ContractEnded', on: '2025-06-30' }, years([], '2025-06-30'))
      .when({ ...record, from: '2025-07-01', to: '2025-07-02' }, context)
      .thenRejected('outside-contract');
  });

  test('every stored form still folds [arch:4]', () => {
    const examples = JSON.parse(readFileSync(new URL('./enrolment.stored.json', import.meta.url), 'utf8')) as StoredExample[];
    const state = storedExamples(enrolment, examples);
    assert.deepEqual(
      state.is === 'enrolled' && [
        state.cohortId,
        state.track,
        state.suspensions.length,
        state.withdrawn,
        [...state.notApplicable],
        state.endedOn,
      ],
      ['c2', 'primary-care', 1, ['y'], [], '2025-06-30'],
    );
  });
});
