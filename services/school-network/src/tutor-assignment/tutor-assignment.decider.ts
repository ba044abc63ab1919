import { type Decider, reject } from '@ateneo/event-sourcing';

type Facts = {
  assignmentId: string;
  schoolId: string;
  traineeId: string;
  tutorId: string;
  unitId: string | null;
  from: string;
  to: string | null;
};
export type AssignmentCommand = ({ type: 'AssignTutor' } & Facts) | { type: 'EndTutorAssignment'; to: string };
export type AssignmentEvent =
  // the stored format: add, never rename or remove
  | ({ type: 'TutorAssigned' } & Facts)
  | { type: 'TutorAssignmentEnded'; assignmentId: string; schoolId: string; traineeId: string; tutorId: string; to: string };
export type Assignment =
  { readonly is: 'absent' } | ({ readonly is: 'assigned'; /** as it was made */ readonly said: Readonly<Facts> } & Readonly<Facts>);
/** What must hold of school, trainee, tutor and unit. */
export type AssignmentContext = {
  /** which of the two nobody registered, as far as is known */ readonly unknownPerson?: 'traineeId' | 'tutorId';
  readonly schoolExists?: boolean;
  readonly traineeInSchool?: boolean;
  readonly tutorOfSchool?: boolean;
  readonly unitInNetwork?: boolean;
};

const FIELDS = ['schoolId', 'traineeId', 'tutorId', 'unitId', 'from', 'to'] as const;

/** A tutor answers for a trainee in a period («turno»: a pairing, not a work shift; residency.md A3 34-42, B3.1); nobody is their own tutor. */
export const tutorAssignment: Decider<Assignment, AssignmentCommand, AssignmentEvent, AssignmentContext> = {
  category: 'networkAssignment',
  initial: { is: 'absent' },
  scope: (state) => (state.is === 'absent' ? {} : { schoolId: state.schoolId, traineeId: state.traineeId }),
  decide(command, state, context) {
    if (command.type === 'EndTutorAssignment') {
      if (state.is === 'absent') return reject('assignment-not-found');
      const { assignmentId, schoolId, traineeId, tutorId } = state;
      return state.to === command.to ? [] : [{ type: 'TutorAssignmentEnded', assignmentId, schoolId, traineeId, tutorId, to: command.to }];
    }
    const { assignmentId, schoolId, traineeId, tutorId, unitId, from, to } = command;
    if (state.is !== 'absent') return FIELDS.every((field) => state.said[field] === command[field]) ? [] : reject('id-already-used');
    if (!context.schoolExists) return reject('school-not-found');
    if (to !== null && to < from) return reject('period-reversed', { field: 'to' });
    if (tutorId === traineeId) return reject('tutor-is-the-trainee', { field: 'tutorId' });
    if (context.unknownPerson) return reject('person-not-known-yet', { field: context.unknownPerson });
    if (!context.traineeInSchool) return reject('trainee-not-in-school', { field: 'traineeId' });
    if (!context.tutorOfSchool) return reject('not-a-tutor-of-the-school', { field: 'tutorId' });
    if (unitId !== null && !context.unitInNetwork) return reject('unit-not-in-network', { field: 'unitId' });
    return [{ type: 'TutorAssigned', assignmentId, schoolId, traineeId, tutorId, unitId, from, to }];
  },
  evolve(state, event) {
    if (event.type === 'TutorAssigned') {
      const { type: _type, ...facts } = event;
      return { is: 'assigned', said: facts, ...facts };
    }
    return state.is === 'absent' ? state : { ...state, to: event.to };
  },
};
