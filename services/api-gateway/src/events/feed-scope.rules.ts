import { PUBLIC_EVENTS } from '@ateneo/contracts';
import type { PublicEvent } from '@ateneo/messaging';
import type { Actor } from '@ateneo/service-kit';

const WHOLE: ReadonlySet<string> = new Set(['integration', 'administrator', 'university-secretariat']);
/** Roles that see all of their school; a tutor sees trainees one by one and has the pages for it. */
const OF_SCHOOL: ReadonlySet<string> = new Set(['director', 'school-secretariat', 'integration']);

const factOf = (type: string): string => type.replace(/\.v\d+$/, '');
/** What a draft says, in any version. A tool learns it, for what follows the draft repeats no facts; of people only its author does. */
const OF_DRAFT: ReadonlySet<string> = new Set(PUBLIC_EVENTS.filter(({ ofDraft }) => ofDraft).map(({ type }) => factOf(type)));

/** Positions count the events of a whole service: they are told to who follows a school or more, not to who follows their own. */
export const seesPositions = ({ profiles }: Actor): boolean => profiles.some(({ role }) => WHOLE.has(role) || OF_SCHOOL.has(role));

type Scope = { readonly whole: boolean; readonly schools: ReadonlySet<string> };
const scopeOf = ({ profiles }: Actor): Scope => ({
  whole: profiles.some(({ role, schoolId }) => schoolId === null && WHOLE.has(role)),
  schools: new Set(profiles.flatMap(({ role, schoolId }) => (schoolId !== null && OF_SCHOOL.has(role) ? [schoolId] : []))),
});

/** Whether an actor sees what happens in a school, whomever it is about. */
export function seesSchool(actor: Actor, schoolId: string): boolean {
  const { whole, schools } = scopeOf(actor);
  return whole || schools.has(schoolId);
}

/** Which events of the feed an actor may see; undefined where none (residency.md C: secretariats see only their schools). */
export function visibleTo(actor: Actor): ((event: PublicEvent) => boolean) | undefined {
  const { id, kind, profiles } = actor;
  if (profiles.length === 0) return undefined;
  const hidden = ({ type, traineeid }: PublicEvent): boolean => kind === 'person' && traineeid !== id && OF_DRAFT.has(factOf(type));
  const { whole, schools } = scopeOf(actor);
  if (whole) return (event) => !hidden(event);
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
