import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import {
  career,
  identity,
  logbook,
  type Operation,
  type Output,
  type RawInput,
  type RequirementSet,
  type Role,
  schoolNetwork,
} from '@ateneo/contracts';
import { uuidv7 } from '@ateneo/event-sourcing';
import type { Caller, OperationClient, Reply } from '@ateneo/service-kit';

export const newId = (): string => uuidv7(Date.now());
export type Person = {
  readonly personId: string;
  readonly role: Role;
  readonly schoolId: string | null;
  readonly givenName: string;
  readonly familyName: string;
  readonly email: string;
  readonly staffNumber: string | null;
  readonly username: string;
  readonly caller: Caller;
};
export type Trainee = Person & { readonly enrolmentId: string; readonly studentNumber: string };
export type School = {
  readonly schoolId: string;
  readonly code: string;
  readonly setId: string;
  readonly unitId: string;
  readonly cohortId: string;
  readonly assignmentIds: readonly string[];
  readonly director: Person;
  readonly secretary: Person;
  readonly tutors: readonly Person[];
  readonly trainees: readonly Trainee[];
};
export type World = {
  readonly administrator: Person;
  readonly universitySecretary: Person;
  readonly integration: Caller;
  readonly schools: readonly [School, School];
};

export const everybody = ({ administrator, universitySecretary, schools }: World): Person[] => [
  administrator,
  universitySecretary,
  ...schools.flatMap(({ director, secretary, tutors, trainees }) => [director, secretary, ...tutors, ...trainees]),
];

type CatalogueSchool = {
  readonly code: string;
  readonly schoolType: { it: string; en: string };
  readonly area: 'medical' | 'surgical' | 'services';
  readonly years: number;
  readonly sets: readonly RequirementSet[];
};
const network = dirname(createRequire(import.meta.url).resolve('@ateneo/school-network/package.json'));
const catalogue = (name: string): unknown => JSON.parse(readFileSync(join(network, 'catalogues', name), 'utf8'));

export const actorOf = (personId: string, role: Role, schoolId: string | null, kind: 'person' | 'service-account' = 'person'): Caller => ({
  is: 'actor',
  actor: { id: personId, kind, locale: 'it', profiles: [{ profileId: newId(), role, schoolId, from: '2020-01-01', to: null }] },
});

/** Facts travel between services: a moment later they are known. */
const NOT_YET = new Set([
  'trainee-not-in-school',
  'not-a-tutor-of-the-school',
  'unit-not-in-network',
  'changed-meanwhile',
  'forbidden',
  'no-assignment-on-that-day',
]);
const isNotYet = ({ ok, ...rest }: Reply): boolean => {
  if (ok) return false;
  const { code } = (rest as Extract<Reply, { ok: false }>).problem;
  return NOT_YET.has(code) || code.includes('not-known-yet') || code.endsWith('-not-found');
};

/** Sends in the name of a caller, again while a fact has still to arrive. Throws where the answer stays a problem or is not as the contract says. */
export async function done<Op extends Operation>(
  client: OperationClient,
  operation: Op,
  input: RawInput<Op>,
  caller: Caller,
): Promise<Output<Op>> {
  for (let attempt = 0; ; attempt++) {
    const reply = await client.call(operation, input, caller, { commandId: newId() });
    if (reply.ok) {
      operation.output.parse(reply.output);
      return reply.output;
    }
    if (attempt === 100 || !isNotYet(reply))
      throw new Error(`${operation.name} ${JSON.stringify(input).slice(0, 200)}: ${JSON.stringify(reply.problem)}`);
    await pause(20);
  }
}

/** How people and notes are called; tests that look for them later bring names of their own. */
export type Names = {
  person(role: Role, n: number): { readonly givenName: string; readonly familyName: string };
  studentNumber(n: number): string;
};
const PLAIN: Names = {
  person: (role, n) => ({ givenName: `Nome ${n}`, familyName: `Cognome ${role} ${n}` }),
  studentNumber: (n) => String(70_000 + n),
};

/** A university of two schools, three trainees and one: what most tests about the whole platform need, in well under a second. */
export async function smallWorld(client: OperationClient, names: Names = PLAIN): Promise<World> {
  const builder = new Builder(client, names);
  return builder.build();
}

class Builder {
  readonly #administrator = actorOf(newId(), 'administrator', null);
  #count = 0;

  constructor(
    private readonly client: OperationClient,
    private readonly names: Names,
  ) {}

  async build(): Promise<World> {
    const administrator = await this.#person('administrator', null);
    const universitySecretary = await this.#person('university-secretariat', null);
    await this.#send(schoolNetwork.registerUniversity, {
      universityId: newId(),
      name: { it: 'Università di Prova', en: 'Test University' },
    });
    const { axes } = catalogue('autonomy-levels.json') as { axes: { key: string; values: never[] }[] };
    const values = (key: string) => axes.find((axis) => axis.key === key)?.values ?? [];
    await this.#send(schoolNetwork.defineAutonomyScale, { levels: values('autonomy'), surgicalRoles: values('surgical-role') });
    const schools = (catalogue('requirement-sets.json') as CatalogueSchool[]).filter(({ code }) => code === 'CHIR' || code === 'UROL');
    const [first, second] = [await this.#school(schools[0] as CatalogueSchool, 3), await this.#school(schools[1] as CatalogueSchool, 1)];
    return {
      administrator,
      universitySecretary,
      integration: actorOf(newId(), 'integration', null, 'service-account'),
      schools: [first, second],
    };
  }

  #send<Op extends Operation>(operation: Op, input: RawInput<Op>): Promise<Output<Op>> {
    return done(this.client, operation, input, this.#administrator);
  }

  async #person(role: Role, schoolId: string | null): Promise<Person> {
    const n = ++this.#count;
    const { givenName, familyName } = this.names.person(role, n);
    const username = `${familyName}.${n}`
      .normalize('NFD')
      .replace(/[^\w.]/g, '')
      .toLowerCase();
    const details = {
      personId: newId(),
      username,
      givenName,
      familyName,
      email: `${username}@posta.example`,
      staffNumber: role === 'trainee' ? null : `MATR-${familyName}-${n}`,
    };
    await this.#send(identity.registerPerson, details);
    await this.#send(identity.grantProfile, { personId: details.personId, profileId: newId(), role, schoolId, from: '2020-01-01' });
    return { ...details, role, schoolId, caller: actorOf(details.personId, role, schoolId) };
  }

  async #school({ code, schoolType, area, years, sets }: CatalogueSchool, trainees: number): Promise<School> {
    const [schoolId, unitId, cohortId] = [newId(), newId(), newId()];
    await this.#send(schoolNetwork.openSchool, { schoolId, code, name: schoolType, area, years });
    for (const set of sets) await this.#send(schoolNetwork.publishRequirementSet, { schoolCode: code, set });
    await this.#send(schoolNetwork.registerUnit, { unitId, name: `${schoolType.it} 1`, city: 'Prova' });
    await this.#send(schoolNetwork.addUnitToNetwork, { schoolId, unitId, siteType: 'main' });
    const core = sets.find(({ mode }) => mode === 'core') as RequirementSet;
    await this.#send(schoolNetwork.openCohort, { cohortId, schoolId, label: '2024/2025', startsOn: '2024-11-01', coreSetId: core.id });
    const [director, secretary] = [await this.#person('director', schoolId), await this.#person('school-secretariat', schoolId)];
    const tutors = [await this.#person('tutor', schoolId), await this.#person('tutor', schoolId)];
    const school = { schoolId, code, setId: core.id, unitId, cohortId, director, secretary, tutors };
    const enrolled: { trainee: Trainee; assignmentId: string }[] = [];
    for (let i = 0; i < trainees; i++) enrolled.push(await this.#trainee(school, tutors[i % tutors.length] as Person));
    return { ...school, trainees: enrolled.map(({ trainee }) => trainee), assignmentIds: enrolled.map(({ assignmentId }) => assignmentId) };
  }

  async #trainee(
    { schoolId, cohortId }: Pick<School, 'schoolId' | 'cohortId'>,
    tutor: Person,
  ): Promise<{ trainee: Trainee; assignmentId: string }> {
    const person = await this.#person('trainee', schoolId);
    const [enrolmentId, assignmentId, studentNumber] = [newId(), newId(), this.names.studentNumber(this.#count)];
    await this.#send(career.enrolTrainee, {
      enrolmentId,
      traineeId: person.personId,
      schoolId,
      cohortId,
      studentNumber,
      contractStart: '2024-11-01',
    });
    await this.#send(schoolNetwork.assignTutor, {
      assignmentId,
      schoolId,
      traineeId: person.personId,
      tutorId: tutor.personId,
      from: '2024-11-01',
    });
    return { trainee: { ...person, enrolmentId, studentNumber }, assignmentId };
  }
}

/** An entry that the first school's catalogue takes. */
export const anEntry = (
  entryId: string,
  more: Partial<RawInput<typeof logbook.recordEntry>> = {},
): RawInput<typeof logbook.recordEntry> => ({
  entryId,
  activities: ['CHIR-402-02'],
  performedOn: '2026-03-02',
  autonomy: 'guided',
  classified: { 'surgical-role': 'first-operator' },
  submit: true,
  ...more,
});
