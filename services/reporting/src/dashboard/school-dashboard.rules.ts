import { dayNumber, dayOf } from '@ateneo/calendar';
import type { DayNumber } from '../counting/calendar.rules.js';
import { SUBMITTED } from '../counting/facts.rules.js';
import type { Enrolment } from '../ledger/enrolment.rules.js';
import type { Ledger } from '../ledger/ledger.rules.js';
import type { Assignment } from '../ledger/network-reference.rules.js';

export type SchoolDashboard = {
  readonly daily: { day: string; n: number }[];
  readonly draft: number;
  readonly submitted: number;
  readonly validated: number;
  readonly trainees: number;
  readonly withoutEntries: readonly string[];
  readonly tutors: number;
  readonly waiting: ReadonlyMap<string, number>;
};

/** Days that the histogram of registrations shows, today included. */
const DAYS_SHOWN = 60;
const dailyOf = (enrolments: readonly Enrolment[], today: DayNumber): SchoolDashboard['daily'] =>
  Array.from({ length: DAYS_SHOWN }, (_, index) => {
    const day = today - DAYS_SHOWN + 1 + index;
    return { day: dayOf(day), n: enrolments.reduce((sum, it) => sum + (it.facts.registrations.get(day) ?? 0), 0) };
  });

const holds = (it: Assignment, from: DayNumber, to: DayNumber): boolean =>
  dayNumber(it.from) <= to && (it.to === null || dayNumber(it.to) >= from);
/** Whoever may validate an entry: the tutors assigned on its days (residency.md B3.4). */
const countWaiting = (enrolment: Enrolment, assignments: readonly Assignment[], waiting: Map<string, number>): void => {
  if (enrolment.facts.counts[SUBMITTED] === 0) return;
  for (const entry of enrolment.facts.entries({})) {
    if (entry.state !== SUBMITTED) continue;
    const tutors = new Set(assignments.filter((it) => holds(it, entry.from, entry.to)).map((it) => it.tutorId));
    for (const tutor of tutors) waiting.set(tutor, (waiting.get(tutor) ?? 0) + 1);
  }
};

/** The front page of a school (residency.md A4, 47-50). */
export const dashboardOf = (ledger: Ledger, schoolId: string, today: DayNumber): SchoolDashboard => {
  const network = ledger.network.view();
  const enrolments = [...ledger.enrolments.values()].filter((it) => it.schoolId === schoolId && it.view());
  const waiting = new Map<string, number>();
  const tutors = new Set<string>();
  const total: [number, number, number] = [0, 0, 0];
  for (const enrolment of enrolments) {
    const assignments = network.assignmentsOf(enrolment.traineeId).filter((it) => it.schoolId === schoolId);
    for (const it of assignments) if (holds(it, today, today)) tutors.add(it.tutorId);
    countWaiting(enrolment, assignments, waiting);
    enrolment.facts.counts.forEach((n, state) => (total[state as 0 | 1 | 2] += n));
  }
  return {
    daily: dailyOf(enrolments, today),
    draft: total[0],
    submitted: total[1],
    validated: total[2],
    trainees: new Set(enrolments.map((it) => it.traineeId)).size,
    withoutEntries: enrolments.filter(({ facts }) => facts.counts.every((n) => n === 0)).map((it) => it.traineeId),
    tutors: tutors.size,
    waiting,
  };
};
