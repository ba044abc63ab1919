import { Controller } from '@nestjs/common';
import { Directory } from '@ateneo/access';
import { type Interval, overlaps } from '@ateneo/calendar';
import { type Output, schoolNetwork } from '@ateneo/contracts';
import { Refusal } from '@ateneo/event-sourcing';
import type { Collection, Where } from '@ateneo/read-models';
import { actorIdOf, Handles, Platform, type Request, ServiceRuntime } from '@ateneo/service-kit';
import { NetworkReferences } from '../known/network-references.lookup.js';
import { type AssignmentDocument, assignments } from './assignment-list.projection.js';
import { tutorAssignment } from './tutor-assignment.decider.js';

/** A tutor has at most three trainees at a time (D.Lgs. 368/1999 art. 38 c. 1). */
const MOST_TRAINEES = 3;

const held = ({ from, to }: AssignmentDocument): boolean => to === null || to >= from;

/** Tutor assignments: commands and the list. */
@Controller()
export class TutorAssignmentController {
  readonly #assignments: Collection<AssignmentDocument>;

  constructor(
    private readonly runtime: ServiceRuntime,
    private readonly platform: Platform,
    private readonly known: NetworkReferences,
    private readonly directory: Directory,
  ) {
    this.#assignments = runtime.collection(assignments);
  }

  @Handles(schoolNetwork.assignTutor)
  async assign(request: Request<typeof schoolNetwork.assignTutor>) {
    const { known } = this;
    const { assignmentId, schoolId, traineeId, tutorId, unitId, from, to } = request.input;
    const done = await this.runtime.run(request, tutorAssignment, assignmentId, { type: 'AssignTutor', ...request.input }, async () => {
      const school = await known.school(schoolId);
      return {
        schoolExists: school !== undefined,
        unknownPerson: this.#unknown({ traineeId, tutorId }),
        traineeInSchool: await known.isTraineeOf(traineeId, schoolId),
        tutorOfSchool: await known.isTutorOf(tutorId, schoolId, { from, to }),
        unitInNetwork: unitId !== null && school?.units.has(unitId),
      };
    });
    if (done instanceof Refusal) return done;
    await this.runtime.freshness(done.token);
    return { ...done, warnings: await this.#warnings(tutorId, { from, to }) };
  }

  @Handles(schoolNetwork.endTutorAssignment)
  async end(request: Request<typeof schoolNetwork.endTutorAssignment>) {
    const { assignmentId, to } = request.input;
    return this.runtime.command(request, tutorAssignment, assignmentId, { type: 'EndTutorAssignment', to }, {});
  }

  @Handles(schoolNetwork.listAssignments)
  async list(request: Request<typeof schoolNetwork.listAssignments>) {
    const today = this.platform.clock.today();
    const found = (await this.#seen(request)).filter(
      (one) => held(one) && (!request.input.current || overlaps(one, { from: today, to: today })),
    );
    const { directory } = this;
    const sorted = found.sort(
      (a, b) =>
        directory.rank(a.traineeId) - directory.rank(b.traineeId) ||
        (a.from < b.from ? 1 : a.from > b.from ? -1 : a.assignmentId < b.assignmentId ? -1 : 1),
    );
    return {
      assignments: sorted.map((one) => ({ ...one, trainee: directory.name(one.traineeId), tutor: directory.name(one.tutorId) })),
    };
  }

  /** What the actor may see of what was asked for: the union of own and of whole schools. */
  async #seen(request: Request<typeof schoolNetwork.listAssignments>): Promise<AssignmentDocument[]> {
    const { sight } = request;
    const { schoolId, traineeId, tutorId } = request.input;
    const actorId = actorIdOf(request);
    const asked: Where = {
      ...(schoolId === undefined ? {} : { schoolId }),
      ...(traineeId === undefined ? {} : { traineeId }),
      ...(tutorId === undefined ? {} : { tutorId }),
    };
    const found = await this.#assignments.find({ where: asked });
    if (sight.tenant) return found;
    return found.filter(
      (one) => sight.schools.includes(one.schoolId) || (sight.self && (one.traineeId === actorId || one.tutorId === actorId)),
    );
  }

  /** Trainees whose open assignments to the tutor share a day with the period; a period that is over warns of nothing (residency.md B3.1). */
  #unknown(people: { readonly traineeId: string; readonly tutorId: string }): 'traineeId' | 'tutorId' | undefined {
    const isKnown = (personId: string) => this.directory.find(personId) !== undefined || this.runtime.keys.erased().includes(personId);
    return (['traineeId', 'tutorId'] as const).find((field) => !isKnown(people[field]));
  }

  async #warnings(tutorId: string, period: Interval): Promise<Output<typeof schoolNetwork.assignTutor>['warnings']> {
    const today = this.platform.clock.today();
    if (period.to !== null && period.to < today) return [];
    const open = (await this.#assignments.find({ where: { tutorId } })).filter(
      (one) => held(one) && (one.to === null || one.to >= today) && overlaps(one, period),
    );
    const trainees = new Set(open.map(({ traineeId }) => traineeId)).size;
    return trainees > MOST_TRAINEES ? [{ code: 'tutor-has-more-than-three-trainees', trainees }] : [];
  }
}
