import { dayNumber } from '@ateneo/calendar';
import type { reporting } from '@ateneo/contracts';
import type { RandomLog } from '@ateneo/workspace/random-log';
import type { Recount, RecountedFigure } from '@ateneo/workspace/recount';
import { countersOf, remarksOf } from '../src/ledger/counters.rules.js';
import { sets } from './catalogue.js';
import { Ledger, type LedgerEvent } from '../src/ledger/ledger.rules.js';

/** Figures of both in one shape, so that they can be compared whole. */
export type Answer = { sets: unknown[]; remarks: unknown[] } | undefined;
const levels = (it: Record<string, number>) =>
  Object.fromEntries(
    Object.entries(it)
      .filter(([, n]) => n > 0)
      .sort(),
  );
const figure = (it: RecountedFigure | reporting.Figure) => ({
  n: it.n,
  achieved: it.achieved,
  progress: it.progress,
  ...{ number: it.number, minimum: it.minimum, percent: it.percent },
  met: it.met,
  levels: levels(it.levels),
  parts: it.parts.map(({ key, n, number, minimum, met }) => ({ key, n, number, minimum, met })),
  failing: it.failing.map((part) => (typeof part === 'string' ? part : part.key)),
  remainder: (typeof it.remainder === 'object' ? it.remainder?.n : it.remainder) ?? null,
  time: it.time ? { days: it.time.days, years: it.time.years } : null,
});
const byText = (a: unknown, b: unknown): number => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);
const remark = ({ code, entryId, requirementId }: { code: string; entryId: string; requirementId?: string }) => ({
  code,
  entryId,
  requirementId: requirementId ?? null,
});
/** The recount lists the items of tracks that do not apply as not applicable; the product leaves them out (counting.md 14). */
const ofOtherTracks = (setId: string, requirementId: string, chosen: string | null): boolean => {
  const set = sets.find((it) => it.id === setId);
  const rule = set?.requirements.find((it) => it.id === requirementId)?.rule;
  return rule?.kind === 'track' && rule.track !== chosen && set?.tracks?.find((it) => it.key === rule.track)?.mode === 'elective';
};
export const expected = (it: Recount | undefined): Answer =>
  it && {
    sets: it.sets.map(({ setId, percent, met, missingAttestations, track, requirements }) => ({
      setId,
      percent,
      met,
      missingAttestations,
      track,
      requirements: requirements
        .filter((it) => !ofOtherTracks(setId, it.requirementId, track.chosen))
        .map(({ requirementId, applicable, logged, provisional, definitive }) => ({
          requirementId,
          applicable,
          logged,
          provisional: figure(provisional),
          definitive: figure(definitive),
        })),
    })),
    remarks: it.remarks.map(remark).sort(byText),
  };

const ledgerOf = (events: RandomLog['events']): Ledger => {
  const ledger = new Ledger();
  for (const it of events) {
    const event: LedgerEvent = {
      id: `${it.service} ${it.position}`,
      type: it.type,
      data: it.data,
      at: it.time,
      position: it.position,
      service: it.service,
    };
    if (it.service === 'school-network') ledger.takeNetwork(event);
    else ledger.take(event);
  }
  return ledger;
};
export const answer = (
  events: RandomLog['events'],
  { enrolmentId, asOf, knownAt }: Pick<RandomLog, 'enrolmentId' | 'asOf' | 'knownAt'>,
): Answer => {
  const ledger = ledgerOf(events);
  const enrolment = ledger.enrolments.get(enrolmentId);
  const question = { asOf: dayNumber(asOf), knownBy: knownAt === undefined ? undefined : dayNumber(knownAt), months: 'calendar' as const };
  const counted = enrolment && countersOf(enrolment, ledger.network, question);
  if (!enrolment || !counted) return undefined;
  return answered(counted, remarksOf(enrolment, ledger.network, question));
};

/** What the product answered, in the shape of the comparison. */
export const answered = (counted: readonly reporting.SetCounter[], remarks: reporting.Counters['remarks']): Answer => ({
  sets: counted.map(({ setId, percent, met, missingAttestations, track, requirements }) => ({
    setId,
    percent,
    met,
    missingAttestations,
    track,
    requirements: requirements.map(({ requirementId, applicable, logged, provisional, definitive }) => ({
      requirementId,
      applicable,
      logged,
      provisional: figure(provisional),
      definitive: figure(definitive),
    })),
  })),
  remarks: remarks.map(remark).sort(byText),
});
