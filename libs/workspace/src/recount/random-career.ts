import fc from 'fast-check';
import { atMinute, dayAt, enrolmentKey, idOf, type Draft } from './random-events.js';

export type SuspensionScript = {
  from: number;
  days: number;
  open: boolean;
  recordedAfter: number;
  later: 'nothing' | 'corrected' | 'withdrawn' | 'ended';
  laterAfter: number;
  change: number;
};

export const anySuspension: fc.Arbitrary<SuspensionScript> = fc.record({
  from: fc.nat(1800),
  days: fc.oneof(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 4, max: 200 })),
  open: fc.boolean(),
  recordedAfter: fc.integer({ min: -20, max: 300 }),
  later: fc.constantFrom('nothing', 'corrected', 'withdrawn', 'ended'),
  laterAfter: fc.integer({ min: 1, max: 400 }),
  change: fc.integer({ min: -30, max: 30 }),
});

type Days = { from: string; to: string | null };
type Step = { at: number; type: string; suspensionId: string; data: object; days: Days | null };

function stepsOf(start: string, it: SuspensionScript, n: number): Step[] {
  const suspensionId = idOf('suspension', n);
  const recorded: Days = { from: dayAt(start, it.from), to: it.open ? null : dayAt(start, it.from + it.days - 1) };
  const at = Math.max(1, it.from + it.recordedAfter);
  const first: Step = { at, type: 'suspension-recorded.v1', suspensionId, data: { ...recorded, estimatedTo: null }, days: recorded };
  if (it.later === 'nothing') return [first];
  const to = dayAt(start, it.from + Math.max(0, it.days - 1 + it.change));
  const known = { from: recorded.from, to };
  if (it.later === 'ended')
    return [first, { at: at + it.laterAfter, type: 'suspension-ended.v1', suspensionId, data: { to }, days: known }];
  const withdrawn = it.later === 'withdrawn';
  const data = { ...known, estimatedTo: null, withdrawn };
  return [first, { at: at + it.laterAfter, type: 'suspension-corrected.v1', suspensionId, data, days: withdrawn ? null : known }];
}

const anniversary = (start: string, years: number): number => {
  const date = new Date(`${start}T00:00:00Z`);
  return Date.UTC(date.getUTCFullYear() + years, date.getUTCMonth(), date.getUTCDate());
};

/** Walks day by day: a year lasts its nominal days without the suspended ones; of a suspension without an end only the first day is known. */
export function datedYears(
  start: string,
  courseYears: number,
  suspensions: readonly Days[],
): { year: number; from: string; to: string; open: boolean }[] {
  const isSuspended = (day: string) => suspensions.some((it) => it.from <= day && day <= (it.to ?? it.from));
  let day = 0;
  return Array.from({ length: courseYears }, (_, k) => {
    const from = dayAt(start, day);
    let left = (anniversary(start, k + 1) - anniversary(start, k)) / 86_400_000;
    for (; left > 0; day++) if (!isSuspended(dayAt(start, day))) left--;
    const to = dayAt(start, day - 1);
    return { year: k + 1, from, to, open: suspensions.some((it) => it.to === null && it.from <= to) };
  });
}

/** Enrolment, suspensions and the training years dated anew after each of them. */
export function careerEvents(start: string, courseYears: number, scripts: readonly SuspensionScript[]): Draft[] {
  const draft = (type: string, at: number, data: object): Draft => ({
    ...{ service: 'career', type, stream: enrolmentKey.enrolmentId, at: atMinute(at), data: { ...enrolmentKey, ...data } },
  });
  const known = new Map<string, Days>();
  const drafts = [
    draft('trainee-enrolled.v1', -10, { cohortId: idOf('cohort', 1), contractStart: start, courseYears }),
    draft('training-years-dated.v1', -10, { years: datedYears(start, courseYears, []) }),
  ];
  const steps = scripts.flatMap((it, n) => stepsOf(start, it, n)).sort((a, b) => atMinute(a.at) - atMinute(b.at));
  for (const { at, type, suspensionId, data, days } of steps) {
    if (days) known.set(suspensionId, days);
    else known.delete(suspensionId);
    drafts.push(
      draft(type, at, { suspensionId, ...data }),
      draft('training-years-dated.v1', at, { years: datedYears(start, courseYears, [...known.values()]) }),
    );
  }
  return drafts;
}
