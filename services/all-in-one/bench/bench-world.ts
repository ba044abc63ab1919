import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
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
import { type Caller, type OperationClient, writeInstallation } from '@ateneo/service-kit';
import { AllInOne } from '../src/all-in-one.module.js';
import { entryInput, newId } from './entry-input.js';

export type BenchPerson = { readonly personId: string; readonly username: string; readonly role: Role };
export type BenchTrainee = BenchPerson & { readonly studentNumber: string };
/** One school with as many trainees as asked for, all of one tutor. */
export type BenchWorld = {
  readonly schoolId: string;
  readonly cohortId: string;
  readonly administrator: BenchPerson;
  readonly secretary: BenchPerson;
  readonly tutor: BenchPerson;
  readonly trainees: readonly BenchTrainee[];
};
export type WorldSize = { readonly trainees: number; readonly entriesEach?: number };

/** What a process needs to open the folder of a bench. */
export const BENCH_ENVIRONMENT = { MASTER_KEY: 'be'.repeat(32), LOG_LEVEL: 'error' } as const;

const AT_ONCE = 64;
const ATTEMPTS = 200;
const START = '2024-11-01';
const SCHOOL = 'CHIR';
type CatalogueSchool = {
  readonly code: string;
  readonly schoolType: { it: string; en: string };
  readonly area: 'surgical';
  readonly years: number;
  readonly sets: readonly RequirementSet[];
};

/** Fills a new data folder through commands; anyone may then sign in as its people, as in a demo. */
export async function makeBenchWorld(folder: string, size: WorldSize): Promise<BenchWorld> {
  writeInstallation(folder, { seed: 'demo', seededOn: START });
  const running = await AllInOne.startServices({ ...BENCH_ENVIRONMENT, DATA_DIR: folder, SEED: 'demo' });
  try {
    const builder = new WorldBuilder(running);
    return await builder.build(size);
  } finally {
    await running.close();
  }
}

class WorldBuilder {
  readonly #client: OperationClient;
  readonly #administrator = callerOf(newId(), 'administrator', null);
  #people = 0;

  constructor(private readonly running: AllInOne) {
    this.#client = running.platform.client;
  }

  async build({ trainees: count, entriesEach = 0 }: WorldSize): Promise<BenchWorld> {
    const { schoolId, cohortId } = await this.#school();
    const administrator = await this.#person('administrator', null);
    const secretary = await this.#person('school-secretariat', schoolId);
    const tutor = await this.#person('tutor', schoolId);
    const people = await inParallel(count, () => this.#person('trainee', schoolId));
    await this.running.settled();
    const trainees = people.map((person, n) => ({ ...person, studentNumber: String(100_000 + n) }));
    await inParallel(count, (n) => this.#enrol(trainees[n] as BenchTrainee, { schoolId, cohortId, tutor }));
    await this.running.settled();
    await inParallel(count, async (n) => {
      const { personId } = trainees[n] as BenchTrainee;
      for (let i = 0; i < entriesEach; i++)
        await this.#send(logbook.recordEntry, entryInput(n + i), callerOf(personId, 'trainee', schoolId));
    });
    await this.running.settled();
    const note = { it: 'misura', en: 'bench' };
    await this.running.introduce([administrator, secretary, tutor, ...trainees].map(({ personId, role }) => ({ personId, role, note })));
    return { schoolId, cohortId, administrator, secretary, tutor, trainees };
  }

  async #school(): Promise<{ schoolId: string; cohortId: string }> {
    const [schoolId, cohortId] = [newId(), newId()];
    const { axes } = catalogue('autonomy-levels.json') as { axes: { key: string; values: never[] }[] };
    const values = (key: string) => axes.find((axis) => axis.key === key)?.values ?? [];
    const found = (catalogue('requirement-sets.json') as CatalogueSchool[]).find(({ code }) => code === SCHOOL) as CatalogueSchool;
    const { code, schoolType, area, years, sets } = found;
    const core = sets.find(({ mode }) => mode === 'core') as RequirementSet;
    await this.#send(schoolNetwork.registerUniversity, {
      universityId: newId(),
      name: { it: 'Università di Prova', en: 'Test University' },
    });
    await this.#send(schoolNetwork.defineAutonomyScale, { levels: values('autonomy'), surgicalRoles: values('surgical-role') });
    await this.#send(schoolNetwork.openSchool, { schoolId, code, name: schoolType, area, years });
    for (const set of sets) await this.#send(schoolNetwork.publishRequirementSet, { schoolCode: code, set });
    await this.#send(schoolNetwork.openCohort, { cohortId, schoolId, label: '2024/2025', startsOn: START, coreSetId: core.id });
    await this.#send(schoolNetwork.openImportWindow, { windowId: newId(), schoolId, from: START, to: '2999-12-31' });
    await this.running.settled();
    return { schoolId, cohortId };
  }

  async #person(role: Role, schoolId: string | null): Promise<BenchPerson> {
    const n = ++this.#people;
    const [personId, username] = [newId(), `${role}.${n}`];
    const staffNumber = role === 'trainee' ? null : `M${n}`;
    await this.#send(identity.registerPerson, {
      personId,
      username,
      givenName: `Nome ${n % 97}`,
      familyName: `Cognome ${(n * 7_919) % 10_007}`,
      email: `${username}@posta.example`,
      staffNumber,
    });
    await this.#send(identity.grantProfile, { personId, profileId: newId(), role, schoolId, from: '2020-01-01' });
    return { personId, username, role };
  }

  async #enrol(
    { personId, studentNumber }: BenchTrainee,
    { schoolId, cohortId, tutor }: Pick<BenchWorld, 'schoolId' | 'cohortId' | 'tutor'>,
  ): Promise<void> {
    await this.#send(career.enrolTrainee, {
      enrolmentId: newId(),
      traineeId: personId,
      schoolId,
      cohortId,
      studentNumber,
      contractStart: START,
    });
    await this.#send(schoolNetwork.assignTutor, {
      assignmentId: newId(),
      schoolId,
      traineeId: personId,
      tutorId: tutor.personId,
      from: START,
    });
  }

  /** Facts travel between services: what is refused for a fact not known yet is sent again. */
  async #send<Op extends Operation>(operation: Op, input: RawInput<Op>, caller: Caller = this.#administrator): Promise<Output<Op>> {
    for (let attempt = 0; ; attempt++) {
      const reply = await this.#client.call(operation, input, caller, { commandId: newId(), timeoutMs: 60_000 });
      if (reply.ok) return reply.output;
      if (attempt === ATTEMPTS) throw new Error(`${operation.name}: ${JSON.stringify(reply.problem)}`);
      await pause(20);
    }
  }
}

const callerOf = (id: string, role: Role, schoolId: string | null): Caller => ({
  is: 'actor',
  actor: { id, kind: 'person', locale: 'it', profiles: [{ profileId: newId(), role, schoolId, from: '2020-01-01', to: null }] },
});

const network = dirname(createRequire(import.meta.url).resolve('@ateneo/school-network/package.json'));
const catalogue = (name: string): unknown => JSON.parse(readFileSync(join(network, 'catalogues', name), 'utf8'));

async function inParallel<T>(count: number, act: (n: number) => Promise<T>): Promise<T[]> {
  const done: T[] = new Array(count);
  let next = 0;
  const lane = async () => {
    for (let n = next++; n < count; n = next++) done[n] = await act(n);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return done;
}
