import type { RecountedEvent } from './recount.js';

/** A log written by hand: each line names what matters to the rule in question, the rest is that of an ordinary trainee. */
export type Written = { type: string; data: object; on?: string };
export type Done = {
  entryId?: string;
  state?: 'draft' | 'submitted' | 'validated' | 'rejected';
  on?: string;
  to?: string;
  quantity?: number;
  autonomy?: string | null;
  classified?: Record<string, string>;
  certified?: { autonomy: string | null; classified: Record<string, string> };
  simulated?: boolean;
  credits?: number;
  creditedTo?: string | null;
  recordedOn?: string;
};

export const ENROLMENT = 'enrolment-1';
const who = { enrolmentId: ENROLMENT, traineeId: 'trainee-1', schoolId: 'school-1' };
const FIRST_DAY = '2020-11-01';
let entries = 0;

export const event = (type: string, data: object, on?: string): Written => ({ type: `${type}.v1`, data: { ...who, ...data }, on });
export const step = (fact: string, entryId: string, data: object = {}, on?: string): Written =>
  event(`logbook.${fact}`, { entryId, ...data }, on);

/** Events of one entry that named these activities and came to stand in `state`. */
export function did(activities: string | string[], done: Done = {}): Written[] {
  const { entryId = `entry-${++entries}`, state = 'validated', on = '2021-03-10', recordedOn } = done;
  const { quantity = 1, autonomy = null, classified = {}, simulated = false, credits = null, creditedTo = null } = done;
  const facts = {
    ...{
      kind: 'professional',
      activities: [activities].flat(),
      period: done.to !== undefined,
      performedFrom: on,
      performedTo: done.to ?? on,
    },
    ...{ unitId: null, quantity, autonomy, classified, simulated, credits, importId: null },
  };
  const recorded = step('entry-recorded', entryId, facts, recordedOn);
  const submitted = step('entry-submitted', entryId, {}, recordedOn);
  const certified = done.certified ?? { autonomy, classified };
  const validated = step('entry-validated', entryId, { validatorId: 'tutor-1', certified, creditedTo, batchId: null }, recordedOn);
  if (state === 'draft') return [recorded];
  if (state === 'submitted') return [recorded, submitted];
  return [recorded, submitted, state === 'rejected' ? step('entry-rejected', entryId, {}, recordedOn) : validated];
}

export const period = (code: string, on: string, to: string, done: Done = {}): Written[] => did(code, { ...done, on, to });
export const suspended = (from: string, to: string | null, on?: string): Written =>
  event('career.suspension-recorded', { suspensionId: `suspension-${from}`, from, to, estimatedTo: null }, on);

type Rule = { kind: string; rules?: object[]; components?: { key: string }[]; items?: { key: string }[]; from?: { key: string } };
type Asked = { id: string; rule: object; minimum?: number | null; simulationAllowed?: boolean };

/** One act per requirement, component or item, and a rotation `<id>/rotation`, whatever the rule. */
function activitiesOf({ id, rule }: Asked): object[] {
  const { kind, components, items, from } = rule as Rule;
  const feeds = [{ requirementId: id }];
  const parts = (components ?? items ?? []).map((it) => ({
    code: `${id}/${it.key}`,
    kind: 'act',
    feeds: [{ requirementId: id, part: it.key }],
  }));
  const main = { code: from?.key ?? id, kind: kind === 'credits' ? 'credits' : kind === 'cross_credit' ? 'cross-credit' : 'act', feeds };
  return [main, ...parts, { code: `${id}/rotation`, kind: 'rotation', feeds }];
}

export const published = (setId: string, requirements: Asked[], tracks?: object[]): Written =>
  event('school-network.requirement-set-published', {
    ...{ setId, schoolCode: 'X', set: { id: setId, requirements, tracks }, activities: requirements.flatMap(activitiesOf) },
  });

/** A five-year course from 1 November 2020 with this core set. */
export function trainee(requirements: Asked[], tracks?: object[]): Written[] {
  const years = [0, 1, 2, 3, 4].map((n) => ({ year: n + 1, from: `${2020 + n}-11-01`, to: `${2021 + n}-10-31`, open: false }));
  return [
    published('CORE', requirements, tracks),
    event('school-network.cohort-opened', { cohortId: 'cohort-1', coreSetId: 'CORE', supplementSetIds: [] }),
    event('career.trainee-enrolled', { cohortId: 'cohort-1', contractStart: FIRST_DAY, courseYears: 5 }),
    event('career.training-years-dated', { years }),
  ];
}

/** Places the lines in the order of their services; a line without a day was recorded on the first. */
export function logOf(...written: (Written | Written[])[]): RecountedEvent[] {
  return written
    .flat()
    .map(({ type, data, on = FIRST_DAY }, position) => ({ type, data, time: `${on}T09:00:00Z`, service: type.split('.')[0]!, position }));
}
