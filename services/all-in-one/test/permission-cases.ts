import type { Grant, Operation, Role } from '@ateneo/contracts';
import type { Caller } from '@ateneo/service-kit';
import { newId, type School, type World } from './small-world.js';

/** Whose a thing is, seen from the person who asks. */
export const WHOSE = ['own', 'of the same school', 'foreign', 'nonexistent'] as const;
export type Whose = (typeof WHOSE)[number];
/** The id that stands for a thing at an input path. */
export type Things = Readonly<Record<string, Readonly<Record<Whose, string>>>>;
export type Actors = Readonly<Record<Role, Caller>>;

/** What can be asked for: each path that a permission may be about, in each relation to the people of the first school. */
export function thingsOf(
  { schools: [home, away] }: World,
  made: Readonly<Record<'entries' | 'imports' | 'reports' | 'runs', readonly string[]>>,
): Things {
  const thing = (own: string | undefined, same: string | undefined, foreign: string | undefined) => ({
    own: own ?? newId(),
    'of the same school': same ?? newId(),
    foreign: foreign ?? newId(),
    nonexistent: newId(),
  });
  const whole = (id: (school: School) => string) => thing(id(home), id(home), id(away));
  const each = (id: (school: School, i: number) => string | undefined) => thing(id(home, 0), id(home, 1), id(away, 0));
  return {
    schoolId: whole(({ schoolId }) => schoolId),
    cohortId: whole(({ cohortId }) => cohortId),
    traineeId: each(({ trainees }, i) => trainees[i]?.personId),
    enrolmentId: each(({ trainees }, i) => trainees[i]?.enrolmentId),
    assignmentId: each(({ assignmentIds }, i) => assignmentIds[i]),
    entryId: thing(made.entries[0], made.entries[1], made.entries[2]),
    importId: thing(made.imports[0], made.imports[0], made.imports[1]),
    reportId: thing(made.reports[0], made.reports[1], made.reports[2]),
    runId: thing(made.runs[0], made.runs[0], made.runs[1]),
  };
}

/** People of the first school, and those of the whole university. */
export const actorsOf = ({ administrator, universitySecretary, integration, schools: [home] }: World): Actors => ({
  trainee: (home.trainees[0] as { caller: Caller }).caller,
  tutor: (home.tutors[0] as { caller: Caller }).caller,
  director: home.director.caller,
  'school-secretariat': home.secretary.caller,
  'university-secretariat': universitySecretary.caller,
  administrator: administrator.caller,
  integration,
});

const TENANT: ReadonlySet<Role> = new Set(['university-secretariat', 'administrator', 'integration']);

/** What the contract says, read anew: may this role do it to a thing that is so related to them? */
export function isPermitted({ permission }: Operation, role: Role, whose: Whose): boolean {
  if (!('anyOf' in permission)) return permission.relation === 'public';
  return permission.anyOf.some(
    (grant) =>
      grant.roles.includes(role) && (permission.scopeFilter ? grant.relation !== 'tenant' || TENANT.has(role) : holds(grant, role, whose)),
  );
}

function holds({ relation, of }: Grant, role: Role, whose: Whose): boolean {
  if (relation === 'tenant') return TENANT.has(role);
  if (of === undefined) return true;
  if (relation === 'my-school') return whose === 'own' || whose === 'of the same school';
  return whose === 'own';
}

/** Input paths that an operation's permission is about. */
export const pathsOf = ({ permission }: Operation): string[] =>
  'anyOf' in permission ? [...new Set(permission.anyOf.flatMap(({ of }) => of ?? []))] : [];

/** The example of the contract, about this thing; the other ids in it are of the same person. */
export function inputAbout(operation: Operation, things: Things, whose: Whose): Record<string, unknown> {
  const example = structuredClone(operation.example) as Record<string, unknown>;
  for (const [path, ids] of Object.entries(things))
    if (path in example && (pathsOf(operation).includes(path) || operation.kind === 'query')) example[path] = ids[whose];
  return example;
}
