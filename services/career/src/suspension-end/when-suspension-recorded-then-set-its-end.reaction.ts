import { addDays } from '@ateneo/calendar';
import type { Deadlines } from '@ateneo/event-sourcing';
import type { Reaction } from '@ateneo/read-models';

/** What a deadline of a suspension says. */
export type SuspensionEnd = { readonly enrolmentId: string; readonly suspensionId: string; readonly to: string };

/** The day after the last suspended one, at the start of the day in Rome (23:00 UTC of the day before at the latest). */
const dueAt = (to: string): number => Date.parse(`${addDays(to, 1)}T00:00:00Z`);

/** A suspension with a known end is ended by itself on the day after (residency.md 99). */
export const setSuspensionEnd: Reaction<Deadlines> = {
  name: 'when-suspension-recorded-then-set-its-end',
  own: ['SuspensionRecorded', 'SuspensionCorrected'],
  async react({ data }, deadlines) {
    const { enrolmentId, suspensionId, to, withdrawn } = data as SuspensionEnd & { to: string | null; withdrawn?: boolean };
    if (to === null || withdrawn) await deadlines.cancel(suspensionId);
    else await deadlines.schedule(suspensionId, dueAt(to), { enrolmentId, suspensionId, to } satisfies SuspensionEnd);
  },
};
