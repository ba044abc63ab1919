import { Inject, Injectable } from '@nestjs/common';
import { Assignments } from '@ateneo/access';
import { load } from '@ateneo/event-sourcing';
import { type Relations, RUNTIME, type ServiceRuntime, type Subject, type SubjectResolver } from '@ateneo/service-kit';
import { entry } from '../entry/entry.decider.js';
import { logbookImport } from '../import/import.decider.js';
import { Known } from '../known/known.client.js';

/** Whose an entry is and on which day; which school a trainee belongs to. */
@Injectable()
export class LogbookRelations implements Relations {
  constructor(
    @Inject(RUNTIME) private readonly runtime: ServiceRuntime,
    @Inject(Known) private readonly known: Known,
    @Inject(Assignments) private readonly assignments: Assignments,
  ) {}

  readonly subjects: Readonly<Record<string, SubjectResolver>> = {
    entryId: (entryId) => this.#entry(entryId),
    traineeId: async (traineeId) => ({ traineeId, schoolId: (await this.known.enrolment(traineeId))?.schoolId }),
    schoolId: (schoolId) => ({ schoolId }),
    importId: (importId) => this.#import(importId),
  };

  readonly isTutorOn = (tutorId: string, traineeId: string, day = this.known.today): Promise<boolean> =>
    this.assignments.isTutorOn(tutorId, traineeId, day);

  async #import(importId: string): Promise<Subject | undefined> {
    const { state } = await load(logbookImport, importId, this.runtime);
    return state.is === 'absent' ? undefined : { schoolId: state.schoolId };
  }

  async #entry(entryId: string): Promise<Subject | undefined> {
    const { state } = await load(entry, entryId, this.runtime);
    return state.is === 'absent' ? undefined : { traineeId: state.traineeId, schoolId: state.schoolId, day: state.content.performedTo };
  }
}
