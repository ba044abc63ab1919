import { addDays, romeMidnight } from '@ateneo/calendar';
import type { Reaction } from '@ateneo/read-models';
import type { Career } from '../enrolment/enrolment.decider.js';

export type Tools = {
  readonly enrolment: (enrolmentId: string) => Promise<Career | undefined>;
  readonly plan: (
    deadlineId: string,
    dueAt: number,
    suspension: { readonly enrolmentId: string; readonly suspensionId: string },
  ) => Promise<void>;
  readonly unplan: (deadlineId: string) => Promise<void>;
};

/** A suspension ends by itself when its last day is over, without anybody's act (residency.md A7 99). */
export const whenSuspensionRecordedThenPlanItsEnd: Reaction<Tools> = {
  name: 'when-suspension-recorded-then-plan-its-end',
  own: ['SuspensionRecorded', 'SuspensionCorrected'],
  async react({ stream, data }, { enrolment, plan, unplan }) {
    const enrolmentId = stream.slice(stream.indexOf('-') + 1);
    const suspensionId = data.suspensionId as string;
    const found = (await enrolment(enrolmentId))?.suspensions.find((one) => one.suspensionId === suspensionId);
    const deadlineId = `suspension-end/${enrolmentId}/${suspensionId}`;
    if (!found || found.to === null) return unplan(deadlineId);
    if (!found.ended) await plan(deadlineId, romeMidnight(addDays(found.to, 1)), { enrolmentId, suspensionId });
  },
};
