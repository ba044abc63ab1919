import { addDays, romeMidnight } from '@ateneo/calendar';
import { idOf, onStored } from '@ateneo/event-sourcing';
import { reaction } from '@ateneo/read-models';
import { type Career, enrolment as career } from '../enrolment/enrolment.decider.js';

export type Tools = {
  readonly enrolment: (enrolmentId: string) => Promise<Career | undefined>;
  readonly plan: (
    deadlineId: string,
    dueAt: number,
    suspension: { readonly enrolmentId: string; readonly suspensionId: string },
  ) => Promise<void>;
  readonly unplan: (deadlineId: string) => Promise<void>;
};

type OfSuspension = { readonly stream: string; readonly data: { readonly suspensionId: string } };

async function planEnd({ stream, data: { suspensionId } }: OfSuspension, { enrolment, plan, unplan }: Tools): Promise<void> {
  const enrolmentId = idOf(stream);
  const found = (await enrolment(enrolmentId))?.suspensions.find((one) => one.suspensionId === suspensionId);
  const deadlineId = `suspension-end/${enrolmentId}/${suspensionId}`;
  if (!found || found.to === null) return unplan(deadlineId);
  if (!found.ended) await plan(deadlineId, romeMidnight(addDays(found.to, 1)), { enrolmentId, suspensionId });
}

/** A suspension ends by itself when its last day is over, without anybody's act (residency.md A7 99). */
export const whenSuspensionRecordedThenPlanItsEnd = reaction<Tools>({
  name: 'when-suspension-recorded-then-plan-its-end',
  on: onStored(career, { SuspensionRecorded: planEnd, SuspensionCorrected: planEnd }),
});
