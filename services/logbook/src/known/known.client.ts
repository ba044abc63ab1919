import { Inject, Injectable } from '@nestjs/common';
import { type Activity, type AutonomyScale, NON_PROFESSIONAL } from '@ateneo/contracts';
import type { Collection, Where } from '@ateneo/read-models';
import { type Component, PLATFORM, type Platform, RUNTIME, type ServiceRuntime } from '@ateneo/service-kit';
import type { Reference } from '../entry/entry-content.rules.js';

import {
  cohorts,
  enrolments,
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

/** What the logbook knows of school-network and career, kept parsed in memory until any of it changes. */
@Injectable()
export class Known implements Component {
  readonly #enrolments: Collection<KnownEnrolment>;
  readonly #sets: Collection<KnownSet>;
  readonly #schools: Collection<KnownSchool>;
  readonly #cohorts: Collection<KnownCohort>;
  readonly #scales: Collection<AutonomyScale>;
  readonly #ofTrainee = new Map<string, readonly KnownEnrolment[]>();
  readonly #catalogues = new Map<string, Catalogue>();
  #scale: AutonomyScale | undefined;
  #stop: (() => void) | undefined;

  constructor(
    @Inject(RUNTIME) private readonly runtime: ServiceRuntime,
    @Inject(PLATFORM) private readonly platform: Platform,
  ) {
    this.#enrolments = runtime.collection(enrolments);
    this.#sets = runtime.collection(sets);
    this.#schools = runtime.collection(schools);
    this.#cohorts = runtime.collection(cohorts);
    this.#scales = runtime.collection(scale);
  }

  start(): void {
    this.#stop = this.runtime.onChange((changes) => {
      if (changes.length > 0 && !changes.some(({ projection }) => projection === 'known')) return;
      this.#ofTrainee.clear();
      this.#catalogues.clear();
      this.#scale = undefined;
    });
  }

  stop(): void {
    this.#stop?.();
  }

  get today(): string {
    return this.platform.clock.today();
  }

  get now(): string {
    return new Date(this.platform.clock.now()).toISOString();
  }

  /** Enrolments of a trainee, the latest contract first. */
  async enrolmentsOf(traineeId: string): Promise<readonly KnownEnrolment[]> {
    const known = this.#ofTrainee.get(traineeId);
    if (known) return known;
    const found = (await this.#enrolments.find({ where: { traineeId } })).sort((a, b) => (a.contract.from < b.contract.from ? 1 : -1));
    this.#ofTrainee.set(traineeId, found);
    return found;
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

  async school(schoolId: string): Promise<KnownSchool | undefined> {
    return this.#schools.get(schoolId);
  }

  async scale(): Promise<AutonomyScale> {
    this.#scale ??= (await this.#scales.get('scale')) ?? NO_SCALE;
    return this.#scale;
  }

  /** Activities of the cohort's sets, of its school, and the non-professional ones; undefined: cohort not known yet. */
  async catalogue(cohortId: string): Promise<Catalogue | undefined> {
    const ready = this.#catalogues.get(cohortId);
    if (ready) return ready;
    const cohort = await this.#cohorts.get(cohortId);
    if (!cohort) return undefined;
    const known = [...(await this.#sets.getMany(cohort.setIds)).values()];
    const school = await this.#schools.get(cohort.schoolId);
    const own = (school?.activities ?? []).filter(({ setId }) => cohort.setIds.includes(setId));
    const activities = new Map([...known.flatMap((set) => set.activities), ...own, ...NON_PROFESSIONAL].map((one) => [one.code, one]));
    const catalogue: Catalogue = {
      activities,
      qualitative: new Set(known.flatMap(({ qualitative }) => qualitative)),
      credits: Object.assign({}, ...known.map(({ credits }) => credits)),
      units: new Set(school?.units),
    };
    this.#catalogues.set(cohortId, catalogue);
    return catalogue;
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
