import { Inject, Injectable } from '@nestjs/common';
import { Assignments } from '@ateneo/access';
import { load } from '@ateneo/event-sourcing';
import { type Relations, RUNTIME, type ServiceRuntime, type Subject, type SubjectResolver, type Tutored } from '@ateneo/service-kit';
import { entry } from '../entry/entry.decider.js';
import { logbookImport } from '../import/import.decider.js';
import { TraineeReferences } from '../known/trainee-references.client.js';

/** Whose an entry is, on which days and whether it was sent; which school a trainee belongs to. */
@Injectable()
export class LogbookRelations implements Relations {
  constructor(
    @Inject(RUNTIME) private readonly runtime: ServiceRuntime,
    @Inject(TraineeReferences) private readonly known: TraineeReferences,
    @Inject(Assignments) private readonly assignments: Assignments,
  ) {}

  readonly subjects: Readonly<Record<string, SubjectResolver>> = {
    entryId: (entryId) => this.#entry(entryId),
    traineeId: (traineeId, { enrolmentId }) => this.#trainee(traineeId, enrolmentId as string | undefined),
    schoolId: (schoolId) => ({ schoolId }),
    importId: (importId) => this.#import(importId),
  };

  readonly isTutorOn = (tutorId: string, of: Tutored): Promise<boolean> => {
    const { today } = this.known;
    return this.assignments.isTutorOn(tutorId, of, of.days ?? { from: today, to: today });
  };

  async #import(importId: string): Promise<Subject | undefined> {
    const { state } = await load(logbookImport, importId, this.runtime);
    return state.is === 'absent' ? undefined : { schoolId: state.schoolId };
  }

  /** The school of the enrolment named, else of the latest. */
  async #trainee(traineeId: string, enrolmentId: string | undefined): Promise<Subject> {
    return { traineeId, schoolId: (await this.known.enrolment(traineeId, enrolmentId))?.schoolId };
  }

  async #entry(entryId: string): Promise<Subject | undefined> {
    const { state } = await load(entry, entryId, this.runtime);
    if (state.is === 'absent') return undefined;
    const { traineeId, schoolId, content } = state;
    const days = { from: content.performedFrom, to: content.performedTo };
    return { traineeId, schoolId, days, unsent: state.is === 'draft' || state.is === 'discarded' };
  }
}
