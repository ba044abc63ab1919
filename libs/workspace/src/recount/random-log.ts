import fc from 'fast-check';
import {
  derivedActivities,
  type CatalogueRequirement,
  type CatalogueSchool,
  type CatalogueSet,
  type DerivedActivity,
} from './derived-activities.js';
import { anyEntry, entryEvents, type EntryScript, type EntryWorld } from './random-entry.js';
import { atMinute, dayAt, enrolmentKey, idOf, ordered, type Draft, type LoggedEvent } from './random-events.js';
import { anyAttestation, attestationEvents, type AttestationScript } from './random-attestation.js';
import { anySuspension, careerEvents, type SuspensionScript } from './random-career.js';

export type RandomLog = { events: LoggedEvent[]; enrolmentId: string; asOf: string; knownAt: string | undefined };

type DeclarationScript = { requirement: number; applicable: boolean; toCohort: boolean; on: number };
type FinerScript = { activities: number[]; on: number; changedOn: number | null };
type Script = {
  start: string;
  suspensions: SuspensionScript[];
  tracks: { track: number; on: number }[];
  declarations: DeclarationScript[];
  attestations: AttestationScript[];
  finer: FinerScript[];
  /** where the few activities begin that half of the entries name, so that minimums are reached */
  narrow: number;
  entries: EntryScript[];
  otherSetOn: number | null;
  otherCohortOn: number | null;
  asOf: number;
  knownAt: number | null;
};

const COURSE_DAYS = 2000;
const WINDOW = 5;
const on = fc.noBias(fc.nat(COURSE_DAYS));
/** A rare thing: mostly it does not happen. */
const seldom = fc.oneof({ weight: 5, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: on });
const script: fc.Arbitrary<Script> = fc.record({
  start: fc.constantFrom('2019-11-01', '2020-02-29', '2020-12-31', '2021-01-30'),
  suspensions: fc.array(anySuspension, { maxLength: 3 }),
  tracks: fc.array(fc.record({ track: fc.nat(5), on }), { maxLength: 2 }),
  declarations: fc.array(fc.record({ requirement: fc.nat(50), applicable: fc.boolean(), toCohort: fc.boolean(), on }), { maxLength: 3 }),
  attestations: fc.array(anyAttestation(on), { maxLength: 4 }),
  finer: fc.array(
    fc.record({ activities: fc.array(fc.nat(60), { minLength: 1, maxLength: 3 }), on, changedOn: fc.option(on, { nil: null }) }),
    {
      maxLength: 3,
    },
  ),
  narrow: fc.nat(60),
  entries: fc.array(anyEntry(on), { maxLength: 40, size: 'max' }),
  otherSetOn: seldom,
  otherCohortOn: seldom,
  asOf: fc.noBias(fc.integer({ min: 1, max: COURSE_DAYS + 200 })),
  knownAt: fc.option(fc.noBias(fc.integer({ min: 1, max: COURSE_DAYS + 200 })), { nil: null, freq: 2 }),
});

/** A small university with one trainee, bound to the given set of the catalogue (to the core set of its school too where it is a supplement). */
export function randomLog(catalogue: readonly CatalogueSchool[], setId: string): fc.Arbitrary<RandomLog> {
  const school = catalogue.find((it) => it.sets.some((set) => set.id === setId));
  if (!school) throw new Error(`no such set: ${setId}`);
  return script.map((it) => written(catalogue, school, setId, it));
}

function written(catalogue: readonly CatalogueSchool[], school: CatalogueSchool, setId: string, script: Script): RandomLog {
  const supplements = school.sets.filter((it) => it.mode === 'supplement');
  const cores = school.sets.filter((it) => it.mode === 'core');
  const core = cores.find((it) => it.id === setId) ?? cores[0]!;
  const other = cores.find((it) => it !== core) ?? catalogue.find((it) => it !== school)!.sets.find((it) => it.mode === 'core')!;
  const asked = [core, ...supplements].flatMap((it) => it.requirements);
  const activities = [...[core, ...supplements].flatMap(derivedActivities), ...derivedActivities(other).slice(0, 2)];
  const finer = script.finer.flatMap((it, i) => finerActivity(school, activities, it, i));
  const own = derivedActivities(school.sets.find((it) => it.id === setId)!);
  const focus = Array.from({ length: WINDOW }, (_, i) => own[(script.narrow + i) % own.length]!);
  const world: EntryWorld = { start: script.start, focus, activities: [...activities, ...finer], asked };
  const drafts = [
    ...schoolNetworkEvents(school, [core, ...supplements, other], script),
    ...finerEvents(script, activities, finer),
    ...declarationEvents(script, asked),
    ...careerEvents(script.start, school.years, script.suspensions),
    ...trackEvents(script, core),
    ...attestationEvents(script.start, asked, script.attestations),
    ...script.entries.flatMap((entry, i) => entryEvents(world, entry, i)),
  ];
  const knownAt = script.knownAt === null ? undefined : dayAt(script.start, script.knownAt);
  return { events: ordered(script.start, drafts), enrolmentId: enrolmentKey.enrolmentId, asOf: dayAt(script.start, script.asOf), knownAt };
}

function schoolNetworkEvents(school: CatalogueSchool, sets: readonly CatalogueSet[], script: Script): Draft[] {
  const { schoolId } = enrolmentKey;
  const draft = (type: string, stream: string, at: number, data: object): Draft => ({ service: 'school-network', type, stream, at, data });
  const supplementSetIds = sets.filter((it) => it.mode === 'supplement').map((it) => it.id);
  const [core, other] = [sets[0]!, sets.at(-1)!];
  const cohort = { schoolId, label: '2019/2020', startsOn: script.start, coreSetId: core.id, supplementSetIds };
  const opening = { schoolId, code: school.code, name: school.schoolType, area: school.area, years: school.years };
  const drafts = [
    draft('school-opened.v1', schoolId, atMinute(-40), opening),
    ...sets.map((set, i) =>
      draft('requirement-set-published.v1', idOf('set', i), atMinute(-39), {
        setId: set.id,
        schoolCode: school.code,
        set,
        activities: derivedActivities(set),
      }),
    ),
    draft('cohort-opened.v1', idOf('cohort', 1), atMinute(-30), { cohortId: idOf('cohort', 1), ...cohort }),
    draft('cohort-opened.v1', idOf('cohort', 2), atMinute(-30), {
      cohortId: idOf('cohort', 2),
      ...cohort,
      label: '2020/2021',
      coreSetId: other.id,
      supplementSetIds: [],
    }),
    draft('tutor-assigned.v1', idOf('assignment', 1), atMinute(-5), {
      ...{ assignmentId: idOf('assignment', 1), schoolId, traineeId: enrolmentKey.traineeId, tutorId: idOf('tutor', 1) },
      ...{ unitId: null, from: script.start, to: null },
    }),
  ];
  if (script.otherSetOn !== null)
    drafts.push(
      draft('cohort-bound-to-requirement-set.v1', idOf('cohort', 1), atMinute(script.otherSetOn), {
        ...{ cohortId: idOf('cohort', 1), coreSetId: other.id, supplementSetIds },
      }),
    );
  return drafts;
}

/** A school's own activity, as if several of the derived ones were done at once. */
function finerActivity(school: CatalogueSchool, activities: readonly DerivedActivity[], finer: FinerScript, i: number): DerivedActivity[] {
  const acts = activities.filter((it) => it.kind === 'act');
  const picked = [...new Set(finer.activities.map((n) => acts[n % acts.length]))].filter((it) => it !== undefined);
  const feeds = picked.flatMap((it) => it.feeds);
  const once = feeds.filter((feed, n) => feeds.findIndex((it) => it.requirementId === feed.requirementId) === n);
  return picked.length === 0
    ? []
    : [{ ...picked[0]!, code: `${school.code}/finer-${i}`, feeds: once, requires: picked.flatMap((it) => it.requires) }];
}

function finerEvents(script: Script, derived: readonly DerivedActivity[], finer: readonly DerivedActivity[]): Draft[] {
  const { schoolId } = enrolmentKey;
  const added = (activity: DerivedActivity, at: number): Draft => ({
    ...{ service: 'school-network', type: 'activity-added.v1', stream: schoolId, at: atMinute(at), data: { schoolId, activity } },
  });
  return finer.flatMap((activity, i) => {
    const { on, changedOn } = script.finer[i]!;
    const mappedElsewhere = { ...activity, feeds: derived.find((it) => it.kind === 'act')!.feeds };
    return [added(activity, on), ...(changedOn === null ? [] : [added(mappedElsewhere, on + changedOn)])];
  });
}

function declarationEvents(script: Script, asked: readonly CatalogueRequirement[]): Draft[] {
  const type = 'requirement-declared-not-applicable.v1';
  return script.declarations.map(({ requirement, applicable, toCohort, on }, i) => {
    const data = { requirementId: asked[requirement % asked.length]!.id, act: `Delibera ${i}`, applicable };
    const cohort = { cohortId: idOf('cohort', 1), schoolId: enrolmentKey.schoolId };
    return toCohort
      ? { service: 'school-network', type, stream: cohort.cohortId, at: atMinute(on), data: { ...cohort, ...data } }
      : { service: 'career', type, stream: enrolmentKey.enrolmentId, at: atMinute(on), data: { ...enrolmentKey, ...data } };
  });
}

function trackEvents(script: Script, core: CatalogueSet): Draft[] {
  const electives = (core.tracks ?? []).filter((it) => it.mode === 'elective');
  const shared = { service: 'career', stream: enrolmentKey.enrolmentId };
  const chosen = electives.length === 0 ? [] : script.tracks;
  const tracks = chosen.map(({ track, on }) => ({
    ...{ ...shared, type: 'track-chosen.v1', at: atMinute(on), data: { ...enrolmentKey, track: electives[track % electives.length]!.key } },
  }));
  if (script.otherCohortOn === null) return tracks;
  const moved = { ...enrolmentKey, cohortId: idOf('cohort', 2) };
  return [...tracks, { ...shared, type: 'trainee-moved-to-cohort.v1', at: atMinute(script.otherCohortOn), data: moved }];
}
