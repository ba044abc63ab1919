import { Injectable } from '@nestjs/common';
import { type Activity, type AutonomyScale, NON_PROFESSIONAL } from '@ateneo/contracts';
import type { Collection, Where } from '@ateneo/read-models';
import { Platform, References, ServiceRuntime } from '@ateneo/service-kit';
import type { Reference } from '../entry/entry-content.rules.js';
import {
  cohorts,
  enrolments,
  known,
  type KnownCohort,
  type KnownEnrolment,
  type KnownSchool,
  type KnownSet,
  scale,
  schools,
  sets,
} from './known.projection.js';

type Catalogue = {
  readonly activities: ReadonlyMap<string, Activity>;
  readonly qualitative: ReadonlySet<string>;
  readonly credits: Readonly<Record<string, readonly string[]>>;
  readonly units: ReadonlySet<string>;
};
const NO_SCALE: AutonomyScale = { levels: [], surgicalRoles: [] };

/** What the logbook knows of trainees from school-network and career: enrolments, and what their cohort may log. */
@Injectable()
export class TraineeReferences {
  /** Enrolments of a trainee, the latest contract first. */
  readonly enrolmentsOf: (traineeId: string) => Promise<readonly KnownEnrolment[]>;
  readonly school: (schoolId: string) => Promise<KnownSchool | undefined>;
  /** Activities of the cohort's sets, of its school, and the non-professional ones; undefined: cohort not known yet. */
  readonly catalogue: (cohortId: string) => Promise<Catalogue | undefined>;
  readonly #enrolments: Collection<KnownEnrolment>;
  readonly #scale: (name: string) => Promise<AutonomyScale | undefined>;

  constructor(
    runtime: ServiceRuntime,
    private readonly platform: Platform,
  ) {
    this.#enrolments = runtime.collection(enrolments);
    const references = new References(runtime, known.name);
    const [ofSchool, ofCohort] = [runtime.collection(schools), runtime.collection(cohorts)];
    const [bound, scales] = [runtime.collection(sets), runtime.collection(scale)];
    this.enrolmentsOf = references.kept(async (traineeId) =>
      (await this.#enrolments.find({ where: { traineeId } })).sort((a, b) => (a.contract.from < b.contract.from ? 1 : -1)),
    );
    this.school = references.kept((schoolId) => ofSchool.get(schoolId));
    this.#scale = references.kept((name) => scales.get(name));
    this.catalogue = references.kept(async (cohortId) => {
      const cohort = await ofCohort.get(cohortId);
      return cohort && catalogueOf(cohort, [...(await bound.getMany(cohort.setIds)).values()], await ofSchool.get(cohort.schoolId));
    });
  }

  get today(): string {
    return this.platform.clock.today();
  }

  get now(): string {
    return new Date(this.platform.clock.now()).toISOString();
  }

  /** The one named, else the latest. */
  async enrolment(traineeId: string, enrolmentId?: string): Promise<KnownEnrolment | undefined> {
    const all = await this.enrolmentsOf(traineeId);
    return enrolmentId === undefined ? all[0] : all.find((one) => one.enrolmentId === enrolmentId);
  }

  /** Enrolments that meet the conditions on trainee and school. */
  async enrolmentsIn({ traineeId, schoolId }: Where): Promise<KnownEnrolment[]> {
    return this.#enrolments.find({
      where: { ...(traineeId === undefined ? {} : { traineeId }), ...(schoolId === undefined ? {} : { schoolId }) },
    });
  }

  async scale(): Promise<AutonomyScale> {
    return (await this.#scale('scale')) ?? NO_SCALE;
  }

  /** What a decider must know to judge an entry of this enrolment; undefined: not known yet. */
  async reference(enrolment: KnownEnrolment | undefined): Promise<Reference | undefined> {
    const catalogue = enrolment && (await this.catalogue(enrolment.cohortId));
    if (!enrolment || !catalogue) return undefined;
    const { enrolmentId, schoolId, contract, suspensions } = enrolment;
    return {
      enrolmentId,
      schoolId,
      contract,
      suspensions,
      activity: (code) => catalogue.activities.get(code),
      units: catalogue.units,
      scale: await this.scale(),
    };
  }

  /** Requirements that an entry may be credited to by the tutor's decision (counting.md 12); empty where none is due. */
  async creditTargets(cohortId: string, activities: readonly string[]): Promise<readonly string[]> {
    const catalogue = await this.catalogue(cohortId);
    if (!catalogue) return [];
    const crossed = activities.flatMap((code) => catalogue.activities.get(code)?.feeds ?? []);
    return crossed.flatMap(({ requirementId }) => catalogue.credits[requirementId] ?? []);
  }
}

function catalogueOf(cohort: KnownCohort, known: readonly KnownSet[], school: KnownSchool | undefined): Catalogue {
  const own = (school?.activities ?? []).filter(({ setId }) => cohort.setIds.includes(setId));
  return {
    activities: new Map([...known.flatMap((set) => set.activities), ...own, ...NON_PROFESSIONAL].map((one) => [one.code, one])),
    qualitative: new Set(known.flatMap(({ qualitative }) => qualitative)),
    credits: Object.assign({}, ...known.map(({ credits }) => credits)),
    units: new Set(school?.units),
  };
}
