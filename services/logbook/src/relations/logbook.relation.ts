import { Injectable } from '@nestjs/common';
import { Assignments } from '@ateneo/access';
import { inStream, type Relations, type Subject, type SubjectResolver, type Tutored } from '@ateneo/service-kit';
import { type Entry, entry } from '../entry/entry.decider.js';
import { logbookImport } from '../import/import.decider.js';
import { TraineeReferences } from '../known/trainee-references.lookup.js';

/** Whose an entry is, on which days and whether it was sent; which school a trainee belongs to. */
@Injectable()
export class LogbookRelations implements Relations {
  constructor(
    private readonly known: TraineeReferences,
    private readonly assignments: Assignments,
  ) {}

  readonly subjects: Readonly<Record<string, SubjectResolver>> = {
    entryId: inStream(entry, ofEntry),
    traineeId: (traineeId, { enrolmentId }) => this.#trainee(traineeId, enrolmentId as string | undefined),
    schoolId: (schoolId) => ({ schoolId }),
    importId: inStream(logbookImport, (state) => (state.is === 'absent' ? undefined : { schoolId: state.schoolId })),
  };

  readonly isTutorOn = (tutorId: string, of: Tutored): Promise<boolean> => {
    const { today } = this.known;
    return this.assignments.isTutorOn(tutorId, of, of.days ?? { from: today, to: today });
  };

  /** The school of the enrolment named, else of the latest. */
  async #trainee(traineeId: string, enrolmentId: string | undefined): Promise<Subject> {
    return { traineeId, schoolId: (await this.known.enrolment(traineeId, enrolmentId))?.schoolId };
  }
}

function ofEntry(state: Entry): Subject | undefined {
  if (state.is === 'absent') return undefined;
  const { traineeId, schoolId, content } = state;
  const days = { from: content.performedFrom, to: content.performedTo };
  return { traineeId, schoolId, days, unsent: state.is === 'draft' || state.is === 'discarded' };
}
