import assert from 'node:assert/strict';
import type { ProjectedEvent } from '@ateneo/read-models';
import type { EnrolmentEvent } from '../enrolment/enrolment.decider.js';
import { type CareerDocument, careerList } from './career-list.projection.js';

const facts = { enrolmentId: 'e1', traineeId: 't1', schoolId: 's1', cohortId: 'c1', studentNumber: '0451', contractStart: '2023-11-01' };
const log: EnrolmentEvent[] = [
  { type: 'TraineeEnrolled', courseYears: 1, ...facts },
  { type: 'TrainingYearsDated', years: [{ year: 1, from: '2023-11-01', to: '2024-10-31', open: false }] },
  { type: 'SuspensionRecorded', suspensionId: 'y', kind: 'illness', from: '2024-07-01', to: '2024-08-31', estimatedTo: null },
  { type: 'SuspensionRecorded', suspensionId: 'x', kind: 'maternity', from: '2024-01-10', to: null, estimatedTo: null },
  { type: 'SuspensionCorrected', suspensionId: 'x', withdrawn: false, from: '2024-01-10', to: '2024-05-31', estimatedTo: null },
  { type: 'SuspensionEnded', suspensionId: 'x', to: '2024-05-31' },
  { type: 'RequirementDeclaredNotApplicable', requirementId: 'r', act: 'Delibera 1', reason: '' },
  { type: 'TrackChosen', track: 'primary-care' },
];

/** Folds as the runner does, each event so many times. */
function fold(events: readonly EnrolmentEvent[], times: number): CareerDocument {
  let held: unknown;
  const documents = {
    get: <D>() => held as D | undefined,
    put: (_collection: string, _id: string, document: unknown) => void (held = document),
    delete: () => void (held = undefined),
  };
  for (const { type, ...data } of events)
    for (let i = 0; i < times; i++) careerList.apply({ type, data, stream: 'careerEnrolment-e1' } as unknown as ProjectedEvent, documents);
  return held as CareerDocument;
}

describe('career list', () => {
  test('suspensions stand in the order of their days, with the last word on each [res:94]', () => {
    const { suspensions, kinds, track, notApplicable } = fold(log, 1);
    assert.deepEqual(
      suspensions.map(({ suspensionId, to }) => [suspensionId, to]),
      [
        ['x', '2024-05-31'],
        ['y', '2024-08-31'],
      ],
    );
    assert.deepEqual(
      [kinds, track, notApplicable],
      [{ x: 'maternity', y: 'illness' }, 'primary-care', [{ requirementId: 'r', act: 'Delibera 1' }]],
    );
  });
  test('an event that comes twice changes nothing [arch:4]', () => assert.deepEqual(fold(log, 2), fold(log, 1)));
  test('a withdrawn suspension is gone [res:94]', () =>
    assert.deepEqual(
      fold(
        [...log, { type: 'SuspensionCorrected', suspensionId: 'y', withdrawn: true, from: '2024-07-01', to: null, estimatedTo: null }],
        1,
      ).suspensions.map(({ suspensionId }) => suspensionId),
      ['x'],
    ));
});
