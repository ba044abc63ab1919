import type { Grant, Operation, Relation, Role } from '@ateneo/contracts';
import type { Actor, Caller } from './passport.js';
import type { Problem } from './problem.js';

/** What an input path is about: whose, where, and on which day. */
export type Subject = {
  readonly traineeId?: string;
  readonly schoolId?: string;
  readonly day?: string;
  /** the person it is about, where that is no trainee */ readonly personId?: string;
};

/** Finds what stands at an input path: `found` undefined = no such thing. */
export type SubjectResolver = (value: string) => Promise<Subject | undefined> | Subject | undefined;

/** What a service knows to answer relations: subjects by input path, and who is tutor of whom. */
export interface Relations {
  readonly subjects: Readonly<Record<string, SubjectResolver>>;
  /** Whether the tutor has an assignment to the trainee on that day (default: today). */
  readonly isTutorOn?: (tutorId: string, traineeId: string, day?: string) => Promise<boolean> | boolean;
}
export const RELATIONS = Symbol('RELATIONS');

/** How far the actor may see in a list: the union of the grants held. */
export type Sight = { readonly tenant: boolean; readonly schools: readonly string[]; readonly tutor: boolean; readonly self: boolean };

export type Admitted = { readonly sight: Sight };

const TENANT_ROLES: ReadonlySet<Role> = new Set(['university-secretariat', 'administrator', 'integration']);
const NOTHING: Sight = { tenant: false, schools: [], tutor: false, self: false };
const EVERYTHING: Sight = { tenant: true, schools: [], tutor: false, self: false };
const FORBIDDEN: Problem = { status: 403, code: 'forbidden' };

/** Input paths whose value itself names the subject. */
const PLAIN: Readonly<Record<string, (value: string) => Subject>> = {
  traineeId: (traineeId) => ({ traineeId }),
  schoolId: (schoolId) => ({ schoolId }),
  personId: (personId) => ({ personId }),
};

/** Why an operation cannot start in this service: a relation without what resolves it. */
export function unresolved(operation: Operation, relations: Relations): string[] {
  if (!('anyOf' in operation.permission)) return [];
  const missing: string[] = [];
  for (const { relation, of } of operation.permission.anyOf) {
    if (of !== undefined && relation !== 'tenant' && !relations.subjects[of] && !(of in PLAIN && !needsMore(relation, of)))
      missing.push(`${operation.name}: nothing resolves «${relation}» of «${of}»`);
    if (relation === 'my-trainee-on-date' && !relations.isTutorOn) missing.push(`${operation.name}: nothing resolves «my-trainee-on-date»`);
  }
  return missing;
}

/** `my-school` of a trainee needs to know the trainee's school. */
const needsMore = (relation: Relation, of: string): boolean =>
  (relation === 'my-school' && of !== 'schoolId') || (relation !== 'my-school' && of === 'schoolId');

/** Decides whether the caller may, and how far a list goes. Denied reads the same whether the thing exists or not. */
export async function admit(operation: Operation, caller: Caller, input: unknown, relations: Relations): Promise<Admitted | Problem> {
  const { permission } = operation;
  if ('relation' in permission) {
    if (permission.relation === 'public') return { sight: NOTHING };
    return caller.is === 'service' && permission.callers.includes(caller.service) ? { sight: EVERYTHING } : FORBIDDEN;
  }
  if (caller.is === 'service') return FORBIDDEN;
  const { actor } = caller;
  if (permission.scopeFilter) return sightOf(actor, permission.anyOf);
  for (const grant of permission.anyOf) {
    if (await holds(actor, grant, input, relations)) return { sight: NOTHING };
  }
  return FORBIDDEN;
}

function sightOf(actor: Actor, grants: readonly Grant[]): Admitted | Problem {
  let [tenant, tutor, self] = [false, false, false];
  const schools = new Set<string>();
  for (const { roles, relation } of grants) {
    const held = actor.profiles.filter(({ role }) => roles.includes(role));
    if (held.length === 0) continue;
    if (relation === 'tenant') tenant ||= held.some(({ role, schoolId }) => schoolId === null && TENANT_ROLES.has(role));
    if (relation === 'my-trainee-on-date') tutor = true;
    if (relation === 'self') self = true;
    if (relation === 'my-school' || relation === 'tenant') for (const { schoolId } of held) if (schoolId) schools.add(schoolId);
  }
  if (!tenant && !tutor && !self && schools.size === 0) return FORBIDDEN;
  return { sight: { tenant, tutor, self, schools: [...schools] } };
}

async function holds(actor: Actor, { roles, relation, of }: Grant, input: unknown, relations: Relations): Promise<boolean> {
  const held = actor.profiles.filter(({ role }) => roles.includes(role));
  if (held.length === 0) return false;
  if (relation === 'tenant') return held.some(({ schoolId }) => schoolId === null);
  if (of === undefined) return true;
  const value = (input as Record<string, unknown>)[of];
  if (typeof value !== 'string') return false;
  const subject = await (relations.subjects[of] ?? PLAIN[of])?.(value);
  if (!subject) return false;
  switch (relation) {
    case 'self':
      return actor.kind === 'person' && (subject.traineeId ?? subject.personId) === actor.id;
    case 'my-school':
      return subject.schoolId !== undefined && held.some(({ schoolId }) => schoolId === subject.schoolId);
    case 'my-trainee-on-date':
      return subject.traineeId !== undefined && (await relations.isTutorOn?.(actor.id, subject.traineeId, subject.day)) === true;
  }
}
