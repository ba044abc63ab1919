import { addDays, addYears, type Day } from '@ateneo/calendar';
import { career, identity, logbook, schoolNetwork, type Activity, type AutonomyScale } from '@ateneo/contracts';
import type { OperationClient, SettableClock } from '@ateneo/service-kit';
import { DEMOS } from './contexts.generated.js';
import { DemoCommands } from './demo-commands.js';
import { FINER } from './finer-activities.js';
import { planEntries, type PlannedEntry, SITTING_DAYS } from './log-plan.js';
import {
  type CatalogueSchool,
  type DemoCohort,
  type DemoPerson,
  type DemoPlan,
  type DemoSchool,
  type DemoTrainee,
  planDemo,
  type Profile,
  suspensionOf,
} from './plan.js';
import { demoId } from './random.js';

export type DemoData = { readonly catalogue: readonly CatalogueSchool[]; readonly scale: AutonomyScale };
export type Seeding = {
  readonly client: OperationClient;
  readonly clock: SettableClock;
  readonly data: DemoData;
  /** resolves when every projection has taken in what was stored */ readonly settled: () => Promise<void>;
  readonly report?: (done: number) => void;
};

const STEP_DAYS = 4;
const AT_ONCE = 256;
const BULK = 500;
const REASONS = ['Manca il ruolo esatto', "L'attività non risulta in quella data", 'Controlla la quantità', 'Da completare con la sede'];

/** Fills an empty platform through the same commands as people's, on a simulated clock that ends the day before `today`. */
export async function seedDemo(seeding: Seeding, today: Day): Promise<DemoPlan> {
  const plan = planDemo(seeding.data.catalogue, today);
  const seeder = new Seeder(seeding, plan);
  await seeder.run();
  return plan;
}

class Seeder {
  readonly #commands: DemoCommands;
  readonly #administrator;

  constructor(
    private readonly seeding: Seeding,
    private readonly plan: DemoPlan,
  ) {
    this.#commands = new DemoCommands(seeding.client);
    this.#administrator = { person: plan.administrator, role: 'administrator' as Profile, schoolId: null };
  }

  async run(): Promise<void> {
    const { startsOn, today, schools } = this.plan;
    this.#at(addDays(startsOn, -20));
    await this.#university();
    await inParallel(schools, (school) => this.#school(school));
    await this.seeding.settled();
    const entries: PlannedEntry[] = [];
    const begin = [...new Set(schools.flatMap(({ cohorts }) => cohorts.map((cohort) => cohort.startsOn)))].sort();
    for (const [i, day] of begin.entries()) {
      this.#at(day);
      const opened = schools.flatMap((school) =>
        school.cohorts.filter((cohort) => cohort.startsOn === day).map((cohort) => ({ school, cohort })),
      );
      await this.#cohorts(opened);
      for (const { school, cohort } of opened) entries.push(...(await this.#entriesOf(school, cohort)));
      entries.sort((a, b) => (a.recordedOn < b.recordedOn ? -1 : a.recordedOn > b.recordedOn ? 1 : 0));
      await this.#live(entries, day, begin[i + 1] ?? today);
    }
    this.#at(addDays(today, -1), 22);
    await this.#attest();
    for (const demo of DEMOS) await demo(this.#commands, this.plan, this.#administrator);
    await this.seeding.settled();
  }

  #at(day: Day, hour = 17): void {
    this.seeding.clock.set(Date.parse(`${day}T${String(hour).padStart(2, '0')}:00:00Z`));
  }

  async #university(): Promise<void> {
    const as = this.#administrator;
    const { universityId, administrator, universitySecretary, startsOn } = this.plan;
    await this.#person(administrator, 'administrator', null, startsOn);
    await this.#person(universitySecretary, 'university-secretariat', null, startsOn);
    await this.#commands.send(
      schoolNetwork.registerUniversity,
      { universityId, name: { it: 'Università degli Studi di Esempio', en: 'Example University' } },
      as,
    );
    await this.#commands.send(schoolNetwork.defineAutonomyScale, this.seeding.data.scale, as);
  }

  async #person(person: DemoPerson, role: Profile, schoolId: string | null, from: Day): Promise<void> {
    const { personId, username, givenName, familyName, email, staffNumber } = person;
    await this.#commands.send(
      identity.registerPerson,
      { personId, username, givenName, familyName, email, staffNumber },
      this.#administrator,
    );
    await this.#commands.send(
      identity.grantProfile,
      { personId, profileId: demoId('profile', personId, role), role, schoolId, from: addDays(from, -60) },
      this.#administrator,
    );
  }

  async #school(school: DemoSchool): Promise<void> {
    const as = this.#administrator;
    const { schoolId, catalogue } = school;
    const { code, schoolType, area, years, sets } = catalogue;
    await this.#commands.send(schoolNetwork.openSchool, { schoolId, code, name: schoolType, area, years }, as);
    for (const set of sets) await this.#commands.send(schoolNetwork.publishRequirementSet, { schoolCode: code, set }, as);
    for (const { unitId, name, city } of school.units) await this.#commands.send(schoolNetwork.registerUnit, { unitId, name, city }, as);
    await this.seeding.settled();
    for (const { unitId, siteType } of school.units)
      await this.#commands.send(schoolNetwork.addUnitToNetwork, { schoolId, unitId, siteType }, as);
    const core = sets.find(({ mode }) => mode === 'core');
    for (const { slug, it, en, feeds } of FINER[code] ?? []) {
      const known = new Set(core?.requirements.map(({ id }) => id));
      const to = feeds.map((n) => ({ requirementId: `${core?.id}-${n}` })).filter(({ requirementId }) => known.has(requirementId));
      if (core && to.length > 0)
        await this.#commands.send(
          schoolNetwork.addActivity,
          { schoolId, setId: core.id, code: `${code}/${slug}`, label: { it, en }, feeds: to },
          as,
        );
    }
    await this.#person(school.director, 'director', schoolId, this.plan.startsOn);
    await this.#person(school.secretary, 'school-secretariat', schoolId, this.plan.startsOn);
    if (code === 'ORTO') await this.#secondSchool(schoolId);
    await inParallel(school.tutors, (tutor) => this.#person(tutor, 'tutor', schoolId, this.plan.startsOn));
  }

  /** One secretary holds two schools (residency.md 8). */
  async #secondSchool(schoolId: string): Promise<void> {
    const { personId } = (this.plan.schools[0] as DemoSchool).secretary;
    await this.#commands.send(
      identity.grantProfile,
      {
        personId,
        profileId: demoId('profile', personId, schoolId),
        role: 'school-secretariat',
        schoolId,
        from: addDays(this.plan.startsOn, -60),
      },
      this.#administrator,
    );
  }

  /** Opens cohorts and brings their trainees in, step by step, since each step needs the one before to be known everywhere. */
  async #cohorts(opened: readonly { school: DemoSchool; cohort: DemoCohort }[]): Promise<void> {
    const { settled } = this.seeding;
    const enrolled = opened.flatMap(({ school, cohort }) =>
      school.trainees.filter(({ cohortId }) => cohortId === cohort.cohortId).map((trainee) => ({ school, trainee })),
    );
    await inParallel(opened, async ({ school: { schoolId }, cohort }) => {
      await this.#commands.send(
        schoolNetwork.openCohort,
        { schoolId, ...cohort, supplementSetIds: [...cohort.supplementSetIds] },
        this.#administrator,
      );
    });
    await inParallel(enrolled, ({ school, trainee }) => this.#person(trainee, 'trainee', school.schoolId, trainee.startsOn));
    await settled();
    await inParallel(enrolled, async ({ school: { schoolId }, trainee: { personId, enrolmentId, cohortId, studentNumber, startsOn } }) => {
      await this.#commands.send(
        career.enrolTrainee,
        { enrolmentId, traineeId: personId, schoolId, cohortId, studentNumber, contractStart: startsOn },
        this.#administrator,
      );
    });
    await settled();
    await inParallel(enrolled, ({ school, trainee }) => this.#accompany(school, trainee));
    await settled();
  }

  async #accompany({ schoolId, secretary }: DemoSchool, { personId, enrolmentId, startsOn, track, tutor }: DemoTrainee): Promise<void> {
    const as = { person: secretary, role: 'school-secretariat' as Profile, schoolId };
    if (track) await this.#commands.send(career.chooseTrack, { enrolmentId, track }, as);
    await this.#commands.send(
      schoolNetwork.assignTutor,
      { assignmentId: demoId('assignment', personId), schoolId, traineeId: personId, tutorId: tutor.personId, from: startsOn },
      as,
    );
  }

  async #entriesOf(school: DemoSchool, cohort: DemoCohort): Promise<PlannedEntry[]> {
    const { activities } = await this.#commands.send(schoolNetwork.listActivities, { cohortId: cohort.cohortId }, this.#administrator);
    const sets = school.catalogue.sets.filter(({ id }) => id === cohort.coreSetId || cohort.supplementSetIds.includes(id));
    return school.trainees
      .filter(({ cohortId }) => cohortId === cohort.cohortId)
      .flatMap((trainee) => planEntries(school, trainee, activities as Activity[], sets, this.plan.today));
  }

  /** Days go by: trainees log, tutors sit down to validate, suspensions begin. */
  async #live(entries: PlannedEntry[], from: Day, to: Day): Promise<void> {
    let sitting = addDays(from, SITTING_DAYS);
    for (let day = from; day < to; day = addDays(day, STEP_DAYS)) {
      const until = addDays(day, STEP_DAYS) < to ? addDays(day, STEP_DAYS - 1) : addDays(to, -1);
      this.#at(until, 19);
      const now = takeWhile(entries, ({ recordedOn }) => recordedOn <= until);
      await inParallel(now, (entry) => this.#record(entry));
      await this.#suspend(day, until);
      for (const entry of now) if (entry.fate !== 'draft') this.#waiting.push(entry);
      if (until >= sitting || addDays(until, 1) >= to) {
        await this.#sit(until);
        sitting = addDays(until, SITTING_DAYS);
      }
      this.seeding.report?.(this.#commands.sent);
    }
  }
  #waiting: PlannedEntry[] = [];

  async #record({ trainee, input }: PlannedEntry): Promise<void> {
    await this.#commands.send(logbook.recordEntry, input, { person: trainee, role: 'trainee', schoolId: this.#schoolOf(trainee) });
  }

  #schoolOf(trainee: DemoTrainee): string {
    return this.#schools.get(trainee.personId) ?? '';
  }
  get #schools(): Map<string, string> {
    this.#schoolIds ??= new Map(
      this.plan.schools.flatMap(({ schoolId, trainees }) => trainees.map(({ personId }) => [personId, schoolId] as const)),
    );
    return this.#schoolIds;
  }
  #schoolIds: Map<string, string> | undefined;

  /** Every tutor validates what has waited long enough: most of it at once, some by hand. */
  async #sit(day: Day): Promise<void> {
    const due = this.#waiting.filter(({ decidedOn }) => decidedOn <= day);
    this.#waiting = this.#waiting.filter(({ decidedOn }) => decidedOn > day);
    const plain = due.filter(({ fate, creditedTo }) => fate === 'validated' && creditedTo === null);
    const byTutor = Map.groupBy(plain, ({ trainee }) => trainee.tutor.personId);
    await inParallel([...byTutor], async ([tutorId, rows]) => {
      const as = { person: { personId: tutorId }, role: 'tutor' as Profile, schoolId: this.#schoolOf((rows[0] as PlannedEntry).trainee) };
      for (let i = 0; i < rows.length; i += BULK) {
        const entries = rows.slice(i, i + BULK).map(({ input }) => ({ entryId: input.entryId, revision: 1 }));
        const { results } = await this.#commands.send(logbook.validateEntries, { batchId: demoId('batch', tutorId, day, i), entries }, as);
        const failed = results.find(({ ok }) => !ok);
        if (failed) throw new Error(`The demo's bulk validation met ${failed.code} at ${failed.entryId}.`);
      }
    });
    await inParallel(
      due.filter((one) => !plain.includes(one)),
      (entry) => this.#decide(entry),
    );
  }

  async #decide({ trainee, fate, input, creditedTo }: PlannedEntry): Promise<void> {
    const as = { person: trainee.tutor, role: 'tutor' as Profile, schoolId: this.#schoolOf(trainee) };
    const { entryId } = input;
    const reason = REASONS[entryId.charCodeAt(3) % REASONS.length] as string;
    if (fate === 'returned') await this.#commands.send(logbook.returnEntry, { entryId, reason }, as);
    else if (fate === 'rejected') await this.#commands.send(logbook.rejectEntry, { entryId, reason }, as);
    else {
      const corrected =
        fate === 'corrected' && input.classified?.['surgical-role'] === 'first-operator'
          ? { classified: { 'surgical-role': 'second-operator' } }
          : fate === 'corrected'
            ? { autonomy: 'support' }
            : {};
      await this.#commands.send(logbook.validateEntry, { entryId, creditedTo, ...corrected }, as);
    }
  }

  async #suspend(from: Day, to: Day): Promise<void> {
    for (const { schoolId, secretary, trainees } of this.plan.schools) {
      for (const trainee of trainees) {
        const period = suspensionOf(trainee, this.plan.today);
        if (!period || period.from < from || period.from > to) continue;
        await this.#commands.send(
          career.recordSuspension,
          { enrolmentId: trainee.enrolmentId, suspensionId: demoId('suspension', trainee.personId), kind: 'maternity', ...period },
          { person: secretary, role: 'school-secretariat', schoolId },
        );
      }
    }
  }

  /** Tutors of trainees past their second year attest half of what has no number. */
  async #attest(): Promise<void> {
    for (const { schoolId, catalogue, trainees } of this.plan.schools) {
      for (const trainee of trainees) {
        if (trainee.startsOn > addYears(this.plan.today, -2)) continue;
        const qualitative = catalogue.sets
          .filter(({ id }) => trainee.setIds.includes(id))
          .flatMap(({ requirements }) => requirements.filter(({ rule }) => rule.kind === 'qualitative'));
        for (const { id } of qualitative.slice(0, Math.ceil(qualitative.length / 2))) {
          await this.#commands.send(
            logbook.attestRequirement,
            { traineeId: trainee.personId, requirementId: id, from: addDays(this.plan.today, -40) },
            { person: trainee.tutor, role: 'tutor', schoolId },
          );
        }
      }
    }
  }
}

async function inParallel<T>(items: readonly T[], act: (item: T) => Promise<void>): Promise<void> {
  for (let i = 0; i < items.length; i += AT_ONCE) await Promise.all(items.slice(i, i + AT_ONCE).map(act));
}

function takeWhile<T>(items: T[], fits: (item: T) => boolean): T[] {
  const end = items.findIndex((item) => !fits(item));
  return items.splice(0, end < 0 ? items.length : end);
}
