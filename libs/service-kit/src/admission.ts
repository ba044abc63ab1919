import type { Grant, Operation, Relation, Role } from '@ateneo/contracts';
import type { Decider, DomainEvent } from '@ateneo/event-sourcing';
import type { Actor, Caller } from './passport.js';
import type { Problem } from './problem.js';
import type { Streams } from './streams.js';

/** What an input path is about: whose, where, and on which days. */
export type Subject = {
  readonly traineeId?: string;
  readonly schoolId?: string;
  readonly days?: { readonly from: string; readonly to: string };
  /** a draft: nobody but its author reads it (residency.md C) */ readonly unsent?: boolean;
  /** the person it is about, where that is no trainee */ readonly personId?: string;
};

/** Where a resolver reads streams. */
type Reads = Pick<Streams, 'load'>;
const NO_STREAMS: Reads = { load: () => Promise.reject(new Error('no stream is kept here')) };

/** Finds what stands at an input path, with the rest of the input: undefined = no such thing. */
export type SubjectResolver = (
  value: string,
  input: Readonly<Record<string, unknown>>,
  streams: Reads,
) => Promise<Subject | undefined> | Subject | undefined;
/** Whose trainee, and in which school. */
export type Tutored = Subject & { readonly traineeId: string; readonly schoolId: string };

/** What a service knows to answer relations: subjects by input path, and who is tutor of whom. */
export abstract class Relations {
  abstract readonly subjects: Readonly<Record<string, SubjectResolver>>;
  /** Whether the tutor has an assignment to the trainee in that school that overlaps those days (default: today). */
  readonly isTutorOn?: (tutorId: string, of: Tutored) => Promise<boolean> | boolean;
}

/** What an aggregate's stream says of the thing. The request reads it once: the command that follows goes on from there, checked by revision. */
export const inStream =
  <State, Command extends { readonly type: string }, Event extends DomainEvent, Context>(
    decider: Decider<State, Command, Event, Context>,
    subject: (state: State) => Subject | undefined,
  ): SubjectResolver =>
  async (id, _input, streams) =>
    subject((await streams.load(decider, id)).state);

/**
 * How far the actor may see: in a list the union of the grants held, elsewhere the one grant by which the thing was reached.
 * `schools`: all of these; `tutorIn`: own trainees of these, on the days of an assignment.
 */
export type Sight = {
  readonly tenant: boolean;
  readonly schools: readonly string[];
  readonly tutorIn: readonly string[];
  readonly self: boolean;
};

/** Whether things of that school are within sight of whoever reached the person they belong to. */
export const seesSchool = ({ tenant, self, schools, tutorIn }: Sight, schoolId: string): boolean =>
  tenant || self || schools.includes(schoolId) || tutorIn.includes(schoolId);

export type Admitted = { readonly sight: Sight };

const TENANT_ROLES: ReadonlySet<Role> = new Set(['university-secretariat', 'administrator', 'integration']);
const NOTHING: Sight = { tenant: false, schools: [], tutorIn: [], self: false };
const EVERYTHING: Sight = { ...NOTHING, tenant: true };
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
export async function admit(
  operation: Operation,
  caller: Caller,
  input: unknown,
  relations: Relations,
  streams: Reads = NO_STREAMS,
): Promise<Admitted | Problem> {
  const { permission } = operation;
  if ('relation' in permission) {
    if (permission.relation === 'public') return { sight: NOTHING };
    return caller.is === 'service' && permission.callers.includes(caller.service) ? { sight: EVERYTHING } : FORBIDDEN;
  }
  if (caller.is === 'service') return FORBIDDEN;
  const { actor } = caller;
  if (permission.scopeFilter) return sightOf(actor, permission.anyOf);
  const narrowestLast = [...permission.anyOf].sort((a, b) => Number(isTutors(a)) - Number(isTutors(b)));
  for (const grant of narrowestLast) {
    const sight = await reached(actor, grant, { operation, input: input as Readonly<Record<string, unknown>>, relations, streams });
    if (sight) return { sight };
  }
  return FORBIDDEN;
}

const isTutors = ({ relation }: Grant): boolean => relation === 'my-trainee-on-date';

function sightOf(actor: Actor, grants: readonly Grant[]): Admitted | Problem {
  let [tenant, self] = [false, false];
  const [schools, tutorIn] = [new Set<string>(), new Set<string>()];
  for (const { roles, relation } of grants) {
    const held = actor.profiles.filter(({ role }) => roles.includes(role));
    if (held.length === 0) continue;
    if (relation === 'tenant') tenant ||= held.some(({ role, schoolId }) => schoolId === null && TENANT_ROLES.has(role));
    if (relation === 'self') self = true;
    else for (const { schoolId } of held) if (schoolId !== null) (isTutors({ roles, relation }) ? tutorIn : schools).add(schoolId);
  }
  if (!tenant && !self && tutorIn.size === 0 && schools.size === 0) return FORBIDDEN;
  return { sight: { tenant, self, schools: [...schools], tutorIn: [...tutorIn] } };
}

type Asked = {
  readonly operation: Operation;
  readonly input: Readonly<Record<string, unknown>>;
  readonly relations: Relations;
  readonly streams: Reads;
};

/** What a grant lets the actor see of the thing asked for; undefined = nothing. */
async function reached(
  actor: Actor,
  { roles, relation, of }: Grant,
  { operation, input, relations, streams }: Asked,
): Promise<Sight | undefined> {
  const held = actor.profiles.filter(({ role }) => roles.includes(role));
  if (held.length === 0) return undefined;
  if (relation === 'tenant') return held.some(({ schoolId }) => schoolId === null) ? EVERYTHING : undefined;
  if (of === undefined) return { ...NOTHING, self: true };
  const value = input[of];
  if (typeof value !== 'string') return undefined;
  const subject = await (relations.subjects[of] ?? PLAIN[of])?.(value, input, streams);
  if (!subject) return undefined;
  const { traineeId, schoolId } = subject;
  if (relation === 'self')
    return actor.kind === 'person' && (traineeId ?? subject.personId) === actor.id ? { ...NOTHING, self: true } : undefined;
  // a role is held where its profile says, whatever else ties the actor to the thing
  if (schoolId === undefined || !held.some((one) => one.schoolId === schoolId)) return undefined;
  if (operation.kind === 'query' && subject.unsent) return undefined;
  if (relation === 'my-school') return { ...NOTHING, schools: [schoolId] };
  const assigned = traineeId !== undefined && (await relations.isTutorOn?.(actor.id, { ...subject, traineeId, schoolId }));
  return assigned ? { ...NOTHING, tutorIn: [schoolId] } : undefined;
}
