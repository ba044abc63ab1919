import { addDays, addYears, type Day } from '@ateneo/calendar';
import type { identity, RawInput, RequirementSet } from '@ateneo/contracts';
import { type Named, namer } from './names.js';
import { Chance, demoId } from './random.js';

export type CatalogueSchool = {
  readonly code: string;
  readonly schoolType: { it: string; en: string };
  readonly area: 'medical' | 'surgical' | 'services';
  readonly years: number;
  readonly sets: readonly RequirementSet[];
};
export type Profile = RawInput<typeof identity.grantProfile>['role'];

/** How a trainee of the demo goes: what share of an even pace, and what is told of them. */
export type Pace = 'even' | 'ahead' | 'behind' | 'slow' | 'suspended' | 'rejected' | 'older-act';
export type DemoPerson = Named & { readonly personId: string; readonly email: string; readonly staffNumber: string | null };
export type DemoTrainee = DemoPerson & {
  readonly enrolmentId: string;
  readonly cohortId: string;
  readonly startsOn: Day;
  readonly studentNumber: string;
  readonly pace: Pace;
  readonly tutor: DemoPerson;
  readonly track: string | null;
  readonly setIds: readonly string[];
};
export type DemoCohort = {
  readonly cohortId: string;
  readonly label: string;
  readonly startsOn: Day;
  readonly coreSetId: string;
  readonly supplementSetIds: readonly string[];
};
export type DemoUnit = {
  readonly unitId: string;
  readonly name: string;
  readonly city: string;
  readonly siteType: 'main' | 'affiliated' | 'complementary';
};
export type DemoSchool = {
  readonly schoolId: string;
  readonly catalogue: CatalogueSchool;
  readonly units: readonly DemoUnit[];
  readonly cohorts: readonly DemoCohort[];
  readonly director: DemoPerson;
  readonly secretary: DemoPerson;
  readonly tutors: readonly DemoPerson[];
  readonly trainees: readonly DemoTrainee[];
};
export type DemoPlan = {
  readonly universityId: string;
  readonly today: Day;
  readonly startsOn: Day;
  readonly schools: readonly DemoSchool[];
  readonly universitySecretary: DemoPerson;
  readonly administrator: DemoPerson;
};

const COHORTS = 4;
const PACES: readonly Pace[] = ['even', 'even', 'ahead', 'even', 'slow', 'even', 'even', 'behind', 'even'];
const CITIES = ['Borgo Esempio', 'Villanova', 'Montechiaro'];
const SITES = ['main', 'affiliated', 'complementary'] as const;

/** Everything that the demo consists of, from the day of its first start alone: 13 schools, some 120 trainees, 60 tutors. */
export function planDemo(catalogue: readonly CatalogueSchool[], today: Day): DemoPlan {
  const chance = new Chance('people');
  const name = namer(chance);
  const person = (role: string, n: number): DemoPerson => {
    const named = name();
    return {
      ...named,
      personId: demoId('person', role, n),
      email: `${named.username}@ateneo.example`,
      staffNumber: role === 'trainee' ? null : `D${String(4000 + chance.whole(0, 999)).padStart(5, '0')}${n}`,
    };
  };
  const startsOn = firstCohort(today, Math.max(...catalogue.map(({ years }) => years)));
  let [tutors, trainees] = [0, 0];
  const schools = catalogue.map((one, index): DemoSchool => {
    const cohorts = cohortsOf(one, firstCohort(today, one.years));
    const ownTutors = Array.from({ length: index < 8 ? 5 : 4 }, () => person('tutor', tutors++));
    return {
      schoolId: demoId('school', one.code),
      catalogue: one,
      units: unitsOf(one),
      cohorts,
      director: person('director', index),
      secretary: person('secretary', index),
      tutors: ownTutors,
      trainees: Array.from({ length: index < 4 ? 10 : 9 }, (_, i) => traineeOf(one, cohorts, ownTutors, i, trainees++, person)),
    };
  });
  return {
    universityId: demoId('university'),
    today,
    startsOn,
    schools,
    universitySecretary: person('university-secretary', 0),
    administrator: person('administrator', 0),
  };
}

/** The academic year begins on 1 November; the oldest cohort is in its last year. */
function firstCohort(today: Day, years: number): Day {
  const year = Number(today.slice(0, 4)) - (today.slice(5) >= '11-01' ? 0 : 1);
  return `${year - years + 1}-11-01`;
}

function cohortsOf({ code, sets }: CatalogueSchool, first: Day): DemoCohort[] {
  const cores = sets.filter(({ mode }) => mode === 'core');
  return Array.from({ length: COHORTS }, (_, i) => {
    const startsOn = addYears(first, i);
    const core = i === 0 ? cores.at(-1) : cores[0];
    const year = Number(startsOn.slice(0, 4));
    return {
      cohortId: demoId('cohort', code, i),
      label: `${year}/${year + 1}`,
      startsOn,
      coreSetId: (core as RequirementSet).id,
      supplementSetIds: sets.filter(({ mode }) => mode === 'supplement').map(({ id }) => id),
    };
  });
}

const unitsOf = ({ code, schoolType }: CatalogueSchool): DemoUnit[] =>
  SITES.map((siteType, i) => ({
    unitId: demoId('unit', code, i),
    name: `${schoolType.it} ${i + 1} – Ospedale di ${CITIES[i]}`,
    city: CITIES[i] as string,
    siteType,
  }));

function traineeOf(
  school: CatalogueSchool,
  cohorts: readonly DemoCohort[],
  tutors: readonly DemoPerson[],
  i: number,
  n: number,
  person: (role: string, n: number) => DemoPerson,
): DemoTrainee {
  const cohort = cohorts[i % COHORTS] as DemoCohort;
  const special: Readonly<Record<string, Pace>> = { 'CHIR 4': 'older-act', 'CHIR 1': 'rejected', 'MEU 2': 'suspended' };
  const tracks = school.sets.find(({ id }) => id === cohort.coreSetId)?.tracks?.filter(({ mode }) => mode === 'elective') ?? [];
  return {
    ...person('trainee', n),
    enrolmentId: demoId('enrolment', n),
    cohortId: cohort.cohortId,
    startsOn: cohort.startsOn,
    studentNumber: String(45_100 + n * 7).padStart(7, '0'),
    pace: special[`${school.code} ${i}`] ?? (PACES[(i + school.code.length) % PACES.length] as Pace),
    tutor: tutors[i % tutors.length] as DemoPerson,
    track: tracks.length > 0 && i % COHORTS < 3 ? (tracks[i % tracks.length]?.key ?? null) : null,
    setIds: [cohort.coreSetId, ...cohort.supplementSetIds],
  };
}

/** The part of the whole course that a trainee of this pace has done by a day. */
export function shareDone({ startsOn, pace }: DemoTrainee, courseYears: number, on: Day): number {
  const total = Date.parse(`${addYears(startsOn, courseYears)}T00:00:00Z`) - Date.parse(`${startsOn}T00:00:00Z`);
  const gone = Math.max(0, Date.parse(`${on}T00:00:00Z`) - Date.parse(`${startsOn}T00:00:00Z`));
  const factor: Readonly<Record<Pace, number>> = {
    even: 1,
    ahead: 1.35,
    behind: 0.35,
    slow: 0.75,
    suspended: 0.95,
    rejected: 0.9,
    'older-act': 1.05,
  };
  return Math.min(1.1, (gone / total) * factor[pace]);
}

/** The one in the middle of their course who is away now: five months, recorded as they began. */
export const suspensionOf = ({ pace }: DemoTrainee, today: Day): { from: Day; to: Day } | undefined =>
  pace === 'suspended' ? { from: addDays(today, -60), to: addDays(today, 92) } : undefined;
