import { type DataOf, schoolNetworkEvents } from '@ateneo/contracts';
import { overlaps } from '@ateneo/calendar';
import { on } from '@ateneo/event-sourcing';
import { type Collection, type CollectionSpec, documentsOf, projection } from '@ateneo/read-models';
import { References, type ServiceRuntime } from '@ateneo/service-kit';

export type Assignment = DataOf<typeof schoolNetworkEvents.tutorAssigned>;
type Of = Pick<Assignment, 'traineeId' | 'schoolId'>;
type Days = { readonly from: string; readonly to: string };

const collection: CollectionSpec<Assignment> = {
  name: 'assignments',
  version: 1,
  columns: { tutorId: ({ tutorId }) => tutorId, traineeId: ({ traineeId }) => traineeId, schoolId: ({ schoolId }) => schoolId },
  indexes: [['tutorId', 'traineeId'], ['traineeId'], ['schoolId']],
};

/** Who answers for whom and when, in every service that must know it (residency.md B3, E2.5). */
export const assignmentsProjection = projection({
  name: 'assignments',
  version: 1,
  parts: [
    documentsOf(collection, {
      by: 'assignmentId',
      on: [
        on(schoolNetworkEvents.tutorAssigned, ({ data }) => data),
        on(schoolNetworkEvents.tutorAssignmentEnded, ({ data }, before) => before && { ...before, to: data.to }),
      ],
    }),
  ],
});

/** Tutor assignments as this service knows them; an assignment that ended before it began never held. */
export class Assignments {
  readonly #documents: Collection<Assignment>;
  /** Asked for by every list of a tutor. */
  readonly #ofTutor: (tutorId: string) => Promise<readonly Assignment[]>;

  constructor(runtime: Pick<ServiceRuntime, 'collection' | 'onChange' | 'onStop'>) {
    this.#documents = runtime.collection(collection);
    this.#ofTutor = new References(runtime, assignmentsProjection.name).kept(async (tutorId) =>
      (await this.#documents.find({ where: { tutorId } })).filter(held),
    );
  }

  /** Whether the tutor had the trainee in that school on a day of the period. */
  async isTutorOn(tutorId: string, { traineeId, schoolId }: Of, days: Days): Promise<boolean> {
    const found = await this.#ofTutor(tutorId);
    return found.some((one) => one.traineeId === traineeId && one.schoolId === schoolId && overlaps(one, days));
  }

  /** The tutor's assignments in these schools: where the role is held. */
  async ofTutorIn(schools: readonly string[], tutorId: string): Promise<Assignment[]> {
    return (await this.ofTutor(tutorId)).filter(({ schoolId }) => schools.includes(schoolId));
  }

  ofTutor(tutorId: string): Promise<readonly Assignment[]> {
    return this.#ofTutor(tutorId);
  }

  async ofTrainee(traineeId: string): Promise<Assignment[]> {
    return (await this.#documents.find({ where: { traineeId } })).filter(held);
  }

  async ofSchool(schoolId: string): Promise<Assignment[]> {
    return (await this.#documents.find({ where: { schoolId } })).filter(held);
  }
}

const held = ({ from, to }: Assignment): boolean => to === null || to >= from;
