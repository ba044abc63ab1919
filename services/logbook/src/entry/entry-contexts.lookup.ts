import { Injectable } from '@nestjs/common';
import { type Assignment, Assignments } from '@ateneo/access';
import { overlaps } from '@ateneo/calendar';
import type { Role } from '@ateneo/contracts';
import { Request } from '@ateneo/service-kit';
import { TraineeReferences } from '../known/trainee-references.lookup.js';
import type { Entry, EntryContext } from './entry.decider.js';

/** What acts on entries are judged by, beside the entry itself. */
@Injectable()
export class EntryContexts {
  constructor(
    private readonly known: TraineeReferences,
    private readonly assignments: Assignments,
  ) {}

  /** For the author's own acts. */
  readonly asAuthor = async (state: Entry): Promise<EntryContext> => {
    const enrolment = state.is === 'absent' ? undefined : await this.known.enrolment(state.traineeId, state.enrolmentId);
    return { today: this.known.today, now: this.known.now, reference: await this.known.reference(enrolment) };
  };

  /** For a validator's acts: tutor in the entry's school with an assignment on its days, or director of that school. */
  asValidator({ actor }: Pick<Request, 'actor'>): (state: Entry) => Promise<EntryContext> {
    return async (state) => {
      const { known } = this;
      if (state.is === 'absent' || !actor) return { today: known.today, now: known.now };
      const { traineeId, enrolmentId, schoolId, content } = state;
      const held = await this.assignments.ofTutor(actor.id);
      const holds = (role: Role) => actor.profiles.some((profile) => profile.role === role && profile.schoolId === schoolId);
      const isOf = (one: Assignment) => one.traineeId === traineeId && one.schoolId === schoolId;
      const days = { from: content.performedFrom, to: content.performedTo };
      const enrolment = await known.enrolment(traineeId, enrolmentId);
      return {
        today: known.today,
        now: known.now,
        reference: await known.reference(enrolment),
        creditTargets: enrolment ? await known.creditTargets(enrolment.cohortId, content.activities) : [],
        validator: {
          director: holds('director'),
          assigned: holds('tutor') && held.some((one) => isOf(one) && overlaps(one, days)),
        },
      };
    };
  }
}
