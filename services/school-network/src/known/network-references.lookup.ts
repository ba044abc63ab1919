import { Injectable } from '@nestjs/common';
import { type Interval, overlaps } from '@ateneo/calendar';
import { load, uuidv8 } from '@ateneo/event-sourcing';
import { References, ServiceRuntime } from '@ateneo/service-kit';
import { requirementSet } from '../requirement-set/requirement-set.decider.js';
import { school } from '../school/school.decider.js';
import { unit } from '../unit/unit.decider.js';
import { known, type KnownTrainee, type KnownTutor, trainees, tutors } from './known.projection.js';

/** The stream id of a requirement set: its own id is a name, such as `CHIR-402`. */
export const streamOfSet = (setId: string): string => uuidv8('requirement-set', setId);

/** What deciders must know beside their own stream: own facts straight from the store, others' from projections. */
@Injectable()
export class NetworkReferences {
  readonly #trainee: (personId: string) => Promise<KnownTrainee | undefined>;
  readonly #tutor: (personId: string) => Promise<KnownTutor | undefined>;

  constructor(private readonly runtime: ServiceRuntime) {
    const references = new References(runtime, known.name);
    const [ofTrainee, ofTutor] = [runtime.collection(trainees), runtime.collection(tutors)];
    this.#trainee = references.kept((personId) => ofTrainee.get(personId));
    this.#tutor = references.kept((personId) => ofTutor.get(personId));
  }

  async school(schoolId: string) {
    const { state } = await load(school, schoolId, this.runtime);
    return state.is === 'open' ? state : undefined;
  }

  async set(setId: string) {
    const { state } = await load(requirementSet, streamOfSet(setId), this.runtime);
    return state.is === 'published' ? state : undefined;
  }

  async unitExists(unitId: string): Promise<boolean> {
    return (await load(unit, unitId, this.runtime)).state.is === 'registered';
  }

  async isTraineeOf(traineeId: string, schoolId: string): Promise<boolean> {
    const known = await this.#trainee(traineeId);
    return known !== undefined && Object.values(known.schools).includes(schoolId);
  }

  /** A tutor profile of the school, or of the whole university, on some day of the period. */
  async isTutorOf(personId: string, schoolId: string, period: Interval): Promise<boolean> {
    const profiles = (await this.#tutor(personId))?.profiles ?? [];
    return profiles.some((one) => (one.schoolId === null || one.schoolId === schoolId) && overlaps(one, period));
  }
}
