import type { PublicEvent } from '@ateneo/messaging';
import type { Actor } from '@ateneo/service-kit';

const WHOLE: ReadonlySet<string> = new Set(['integration', 'administrator', 'university-secretariat']);
/** Roles that see all of their school; a tutor sees trainees one by one and has the pages for it. */
const OF_SCHOOL: ReadonlySet<string> = new Set(['director', 'school-secretariat', 'integration']);

/** What a draft says. A tool learns it, for `entry-submitted` repeats no facts; of people only its author does. */
const OF_DRAFT = /^logbook\.entry-(recorded|amended|discarded)\.v\d+$/;

/** Positions count the events of a whole service: they are told to who follows a school or more, not to who follows their own. */
export const seesPositions = ({ profiles }: Actor): boolean => profiles.some(({ role }) => WHOLE.has(role) || OF_SCHOOL.has(role));

/** Which events of the feed an actor may see; undefined where none (residency.md C: secretariats see only their schools). */
export function visibleTo({ id, kind, profiles }: Actor): ((event: PublicEvent) => boolean) | undefined {
  if (profiles.length === 0) return undefined;
  const hidden = ({ type, traineeid }: PublicEvent): boolean => kind === 'person' && traineeid !== id && OF_DRAFT.test(type);
  if (profiles.some(({ role, schoolId }) => schoolId === null && WHOLE.has(role))) return (event) => !hidden(event);
  const schools = new Set(profiles.flatMap(({ role, schoolId }) => (schoolId !== null && OF_SCHOOL.has(role) ? [schoolId] : [])));
  const staff = profiles.some(({ role }) => role !== 'trainee');
  const trainee = kind === 'person' && profiles.some(({ role }) => role === 'trainee');
  return (event) => {
    const { service, schoolid, traineeid } = event;
    if (service === 'identity' || hidden(event)) return false;
    if (traineeid !== undefined && trainee && traineeid === id) return true;
    if (schoolid !== undefined) return schools.has(schoolid);
    return staff && traineeid === undefined;
  };
}
