import { Controller } from '@nestjs/common';
import { NON_PROFESSIONAL, schoolNetwork } from '@ateneo/contracts';
import { reject } from '@ateneo/event-sourcing';
import type { Collection } from '@ateneo/read-models';
import { Handles, type Request, ServiceRuntime } from '@ateneo/service-kit';
import {
  type CohortDocument,
  cohorts,
  type SchoolDocument,
  schools,
  type SetDocument,
  sets,
  UNIVERSITY,
  type UniversityDocument,
  universities,
  type UnitDocument,
  units,
} from './network.projection.js';

const collator = new Intl.Collator('it');
const record = ({ schoolId, code, name, area, years }: SchoolDocument) => ({ schoolId, code, name, area, years });

/** Queries over university, schools, cohorts, requirement sets and activities. */
@Controller()
export class NetworkController {
  readonly #universities: Collection<UniversityDocument>;
  readonly #schools: Collection<SchoolDocument>;
  readonly #units: Collection<UnitDocument>;
  readonly #sets: Collection<SetDocument>;
  readonly #cohorts: Collection<CohortDocument>;

  constructor(runtime: ServiceRuntime) {
    this.#universities = runtime.collection(universities);
    this.#schools = runtime.collection(schools);
    this.#units = runtime.collection(units);
    this.#sets = runtime.collection(sets);
    this.#cohorts = runtime.collection(cohorts);
  }

  @Handles(schoolNetwork.showUniversity)
  async university() {
    const university = await this.#universities.get(UNIVERSITY);
    const all = (await this.#schools.find({})).sort((a, b) => collator.compare(a.name.it, b.name.it));
    return {
      name: university?.name ?? null,
      schools: all.map(record),
      scale: university?.scale ?? { levels: [], surgicalRoles: [] },
    };
  }

  @Handles(schoolNetwork.showSchool)
  async school({ input }: Request<typeof schoolNetwork.showSchool>) {
    const school = await this.#schools.get(input.schoolId);
    if (!school) return reject('school-not-found');
    const registered = await this.#units.getMany(school.units.map(({ unitId }) => unitId));
    const placed = school.units.flatMap(({ unitId, siteType }) => {
      const unit = registered.get(unitId);
      return unit ? [{ ...unit, siteType }] : [];
    });
    const open = await this.#cohorts.find({ where: { schoolId: school.schoolId }, sort: [{ by: 'startsOn', descending: true }] });
    return {
      school: record(school),
      units: placed.sort((a, b) => collator.compare(a.name, b.name)),
      cohorts: open,
      importWindows: [...school.windows],
    };
  }

  @Handles(schoolNetwork.showRequirementSet)
  async set({ input }: Request<typeof schoolNetwork.showRequirementSet>) {
    const found = await this.#sets.get(input.setId);
    return found ? { set: found.set, activities: [...found.activities] } : reject('requirement-set-not-found');
  }

  @Handles(schoolNetwork.listRequirementSets)
  async listSets() {
    const found = (await this.#sets.find({})).map(({ schoolCode, set: { id, act, version, mode, requirements } }) => ({
      ...{ setId: id, schoolCode, act, version, mode },
      requirements: requirements.length,
      toVerify: requirements.filter(({ verify }) => verify).length,
    }));
    return { sets: found.sort((a, b) => collator.compare(a.setId, b.setId)) };
  }

  @Handles(schoolNetwork.listActivities)
  async activities({ input }: Request<typeof schoolNetwork.listActivities>) {
    const cohort = await this.#cohorts.get(input.cohortId);
    if (!cohort) return reject('cohort-not-found');
    const setIds = [cohort.coreSetId, ...cohort.supplementSetIds];
    const bound = await this.#sets.getMany(setIds);
    const own = (await this.#schools.get(cohort.schoolId))?.activities ?? [];
    const derived = setIds.flatMap((setId) => bound.get(setId)?.activities ?? []);
    return { activities: [...derived, ...own.filter(({ setId }) => setIds.includes(setId)), ...NON_PROFESSIONAL] };
  }
}
