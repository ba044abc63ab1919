/** An event before it has a place in its service's order. `at`: minutes since the start of the contract. */
export type Draft = { service: string; type: string; stream: string; at: number; data: object };
/** A public event as the bus carries it. */
export type LoggedEvent = {
  specversion: '1.0';
  id: string;
  source: string;
  type: string;
  subject: string;
  time: string;
  datacontenttype: 'application/json';
  schoolid: string;
  traineeid?: string;
  partition: number;
  position: number;
  service: string;
  epoch: string;
  mappingversion: number;
  actorid: string;
  data: object;
};

const MINUTES_A_DAY = 1440;
const MS_A_MINUTE = 60_000;
const KINDS = [
  'school',
  'trainee',
  'enrolment',
  'cohort',
  'set',
  'assignment',
  'tutor',
  'attestation',
  'suspension',
  'entry',
  'batch',
  'import',
  'event',
] as const;
const CATEGORIES: Record<string, string> = { 'school-network': 'school', career: 'enrolment', logbook: 'logbookEntry' };

/** A stable uuid for the n-th thing of a kind. */
export const idOf = (kind: (typeof KINDS)[number], n: number): string =>
  `0198c0de-0000-7000-8${String(KINDS.indexOf(kind)).padStart(3, '0')}-${n.toString(16).padStart(12, '0')}`;
export const enrolmentKey = { enrolmentId: idOf('enrolment', 1), traineeId: idOf('trainee', 1), schoolId: idOf('school', 1) };

/** Minute at which something is recorded on the n-th day of the contract: by turns in the morning and on both sides of midnight in Rome. */
export const atMinute = (day: number): number => day * MINUTES_A_DAY + [480, 1310, 1350, 1435][Math.abs(day) % 4]!;
export const dayAt = (start: string, offset: number): string =>
  new Date(Date.parse(`${start}T00:00:00Z`) + offset * MINUTES_A_DAY * MS_A_MINUTE).toISOString().slice(0, 10);

/** FNV-1a-32 of the key modulo 64, as architecture §4 names it. */
function partitionOf(key: string): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(key)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash % 64;
}

/** Gives each event its place: the order of `at` within a service, as written where two are equal. */
export function ordered(start: string, drafts: readonly Draft[]): LoggedEvent[] {
  const epoch = Date.parse(`${start}T00:00:00Z`);
  const positions: Record<string, number> = {};
  return [...drafts]
    .sort((a, b) => a.at - b.at)
    .map(({ service, type, stream, at, data }, n) => {
      const traineeid = 'traineeId' in data ? { traineeid: enrolmentKey.traineeId } : {};
      const position = (positions[service] = (positions[service] ?? 0) + 1);
      return {
        ...{ specversion: '1.0', id: idOf('event', n), source: `http://localhost:3000/${service}`, type: `${service}.${type}` },
        ...{
          subject: `${CATEGORIES[service]}-${stream}`,
          time: new Date(epoch + at * MS_A_MINUTE).toISOString(),
          datacontenttype: 'application/json',
        },
        ...{ schoolid: enrolmentKey.schoolId, ...traineeid, partition: partitionOf(traineeid.traineeid ?? stream), position, service },
        ...{ epoch: 'random', mappingversion: 1, actorid: idOf('tutor', 1), data },
      };
    });
}
