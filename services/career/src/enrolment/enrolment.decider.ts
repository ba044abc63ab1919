import { type careerEvents, patientDataIn } from '@ateneo/contracts';
import { type Decider, type PersonalFields, reject, type Refusal } from '@ateneo/event-sourcing';
import { type Asking, refuseEarlierYear, refusePeriod, sameDays, type Suspension } from './suspension.rules.js';
import { type SuspendedDays, trainingYears } from './training-years.rules.js';

type TrainingYear = careerEvents.TrainingYear;
type Enrolled = {
  enrolmentId: string;
  traineeId: string;
  schoolId: string;
  cohortId: string;
  studentNumber: string;
  contractStart: string;
};
type Days = { from: string; to: string | null; estimatedTo: string | null };
type Declared = { requirementId: string; act: string; reason: string };

export type EnrolmentCommand =
  | ({ type: 'EnrolTrainee' } & Enrolled)
  | { type: 'MoveToCohort'; cohortId: string }
  | { type: 'ChooseTrack'; track: string }
  | ({ type: 'RecordSuspension'; suspensionId: string; kind: string } & Days)
  | ({ type: 'CorrectSuspension'; suspensionId: string; withdrawn: boolean } & Days)
  | { type: 'EndSuspension'; suspensionId: string }
  | ({ type: 'DeclareRequirement'; applicable: boolean } & Declared)
  | { type: 'EndContract'; on: string };
export type EnrolmentEvent =
  // the stored format: add, never rename or remove
  | ({ type: 'TraineeEnrolled'; courseYears: number } & Enrolled)
  | { type: 'TrainingYearsDated'; years: TrainingYear[] }
  | { type: 'TraineeMovedToCohort'; cohortId: string }
  | { type: 'TrackChosen'; track: string }
  | ({ type: 'SuspensionRecorded'; suspensionId: string; kind: string } & Days)
  | ({ type: 'SuspensionCorrected'; suspensionId: string; withdrawn: boolean } & Days)
  | { type: 'SuspensionEnded'; suspensionId: string; to: string }
  | ({ type: 'RequirementDeclaredNotApplicable' | 'RequirementDeclaredApplicable' } & Declared)
  | { type: 'ContractEnded'; on: string };

export type Career = {
  readonly is: 'enrolled';
  readonly courseYears: number;
  readonly track: string | null;
  readonly years: readonly TrainingYear[];
  readonly suspensions: readonly Suspension[];
  readonly withdrawn: readonly string[];
  readonly notApplicable: ReadonlyMap<string, string>;
  readonly endedOn?: string;
  /** cohort at the enrolment */
  readonly enrolledIn: string;
} & Readonly<Enrolled>;
export type Enrolment = { readonly is: 'absent' } | Career;

/** What career knows of school-network and of the one who asks. */
export type EnrolmentContext = Asking & {
  readonly cohort?: {
    readonly schoolId: string;
    readonly courseYears: number;
    readonly tracks: readonly string[];
    readonly requirements: ReadonlySet<string>;
  };
  readonly personErased?: boolean;
  /** nobody registered the person, as far as is known */ readonly personUnknown?: boolean;
};

const personal: PersonalFields<EnrolmentEvent> = {
  TraineeEnrolled: { fields: ['studentNumber'] },
  SuspensionRecorded: { fields: ['kind'] },
  RequirementDeclaredNotApplicable: { fields: ['reason'] },
  RequirementDeclaredApplicable: { fields: ['reason'] },
};

const KEPT = ['traineeId', 'schoolId', 'studentNumber', 'contractStart'] as const;

function enrol(
  command: Extract<EnrolmentCommand, { type: 'EnrolTrainee' }>,
  state: Enrolment,
  { cohort, personErased, personUnknown }: EnrolmentContext,
): readonly EnrolmentEvent[] | Refusal {
  const { type: _type, ...enrolled } = command;
  if (state.is !== 'absent')
    return state.enrolledIn === command.cohortId && KEPT.every((field) => state[field] === command[field]) ? [] : reject('id-already-used');
  if (personErased) return reject('person-erased', { field: 'traineeId' });
  if (!cohort) return reject('cohort-not-found');
  if (cohort.schoolId !== command.schoolId) return reject('cohort-of-another-school', { field: 'cohortId' });
  if (personUnknown) return reject('person-not-known-yet', { field: 'traineeId' });
  const { courseYears } = cohort;
  return [
    { type: 'TraineeEnrolled', courseYears, ...enrolled },
    { type: 'TrainingYearsDated', years: trainingYears({ contractStart: command.contractStart, courseYears, suspensions: [] }) },
  ];
}

/** The event with the training years where it moves them. */
function withYears(
  state: Career,
  event: EnrolmentEvent,
  changed: { readonly suspensions?: readonly SuspendedDays[]; readonly endedOn?: string },
): readonly EnrolmentEvent[] {
  const years = trainingYears({ ...state, ...changed });
  return JSON.stringify(years) === JSON.stringify(state.years) ? [event] : [event, { type: 'TrainingYearsDated', years }];
}

const daysOf = ({ from, to, estimatedTo }: Days): Days => ({ from, to, estimatedTo: to === null ? estimatedTo : null });

function record(
  command: Extract<EnrolmentCommand, { type: 'RecordSuspension' }>,
  state: Career,
  asking: Asking,
): readonly EnrolmentEvent[] | Refusal {
  const { suspensionId, kind } = command;
  const days = daysOf(command);
  const before = state.suspensions.find((one) => one.suspensionId === suspensionId);
  if (before) return before.kind === kind && sameDays(before, days) ? [] : reject('id-already-used');
  if (state.withdrawn.includes(suspensionId)) return reject('id-already-used');
  const refusal = refusePeriod(days, state) ?? refuseEarlierYear(days.from, state, asking);
  return (
    refusal ?? withYears(state, { type: 'SuspensionRecorded', suspensionId, kind, ...days }, { suspensions: [...state.suspensions, days] })
  );
}

function correct(
  command: Extract<EnrolmentCommand, { type: 'CorrectSuspension' }>,
  state: Career,
  asking: Asking,
): readonly EnrolmentEvent[] | Refusal {
  const { suspensionId, withdrawn } = command;
  const days = daysOf(command);
  const before = state.suspensions.find((one) => one.suspensionId === suspensionId);
  if (!before) return withdrawn && state.withdrawn.includes(suspensionId) ? [] : reject('suspension-not-found');
  if (!withdrawn && sameDays(before, days)) return [];
  const earliest = before.from < days.from ? before.from : days.from;
  const others = state.suspensions.filter((one) => one !== before);
  const without = { ...state, years: trainingYears({ ...state, suspensions: others }) };
  const refusal = (withdrawn ? undefined : refusePeriod(days, without)) ?? refuseEarlierYear(earliest, state, asking);
  return (
    refusal ??
    withYears(
      state,
      { type: 'SuspensionCorrected', suspensionId, withdrawn, ...days },
      { suspensions: withdrawn ? others : [...others, days] },
    )
  );
}

function endSuspension(suspensionId: string, { suspensions }: Career, { today }: Asking): readonly EnrolmentEvent[] {
  const found = suspensions.find((one) => one.suspensionId === suspensionId);
  return !found || found.ended || found.to === null || found.to >= today ? [] : [{ type: 'SuspensionEnded', suspensionId, to: found.to }];
}

function endContract(on: string, state: Career): readonly EnrolmentEvent[] | Refusal {
  if (state.endedOn === on) return [];
  const last = trainingYears({ ...state, endedOn: undefined }).at(-1)?.to ?? state.contractStart;
  if (on < state.contractStart || on > last) return reject('outside-contract', { field: 'on', from: state.contractStart, to: last });
  return withYears(state, { type: 'ContractEnded', on }, { endedOn: on });
}

function declare(
  { requirementId, act, reason, applicable }: Extract<EnrolmentCommand, { type: 'DeclareRequirement' }>,
  { notApplicable }: Career,
  { cohort }: EnrolmentContext,
): readonly EnrolmentEvent[] | Refusal {
  if (!cohort?.requirements.has(requirementId)) return reject('requirement-not-found');
  if (applicable ? !notApplicable.has(requirementId) : notApplicable.get(requirementId) === act) return [];
  const found = patientDataIn(reason);
  if (found) return reject('patient-data', { field: 'reason', kind: found });
  return [{ type: applicable ? 'RequirementDeclaredApplicable' : 'RequirementDeclaredNotApplicable', requirementId, act, reason }];
}

/** The contract of a trainee in a school. Every training year ends at its nominal end plus the union of its suspended days (residency.md A7 83-99, B5, E2.7). */
export const enrolment: Decider<Enrolment, EnrolmentCommand, EnrolmentEvent, EnrolmentContext> = {
  category: 'careerEnrolment',
  initial: { is: 'absent' },
  personal,
  office: { RequirementDeclaredNotApplicable: ['act'], RequirementDeclaredApplicable: ['act'] },
  scope: (state) => (state.is === 'absent' ? {} : { schoolId: state.schoolId, traineeId: state.traineeId }),
  decide(command, state, context) {
    if (command.type === 'EnrolTrainee') return enrol(command, state, context);
    if (state.is === 'absent') return reject('enrolment-not-found');
    switch (command.type) {
      case 'MoveToCohort':
        if (!context.cohort) return reject('cohort-not-found');
        if (context.cohort.schoolId !== state.schoolId) return reject('cohort-of-another-school', { field: 'cohortId' });
        return state.cohortId === command.cohortId ? [] : [{ type: 'TraineeMovedToCohort', cohortId: command.cohortId }];
      case 'ChooseTrack':
        if (state.track === command.track) return [];
        return context.cohort?.tracks.includes(command.track)
          ? [{ type: 'TrackChosen', track: command.track }]
          : reject('unknown-track', { field: 'track', tracks: context.cohort?.tracks ?? [] });
      case 'RecordSuspension':
        return record(command, state, context);
      case 'CorrectSuspension':
        return correct(command, state, context);
      case 'EndSuspension':
        return endSuspension(command.suspensionId, state, context);
      case 'DeclareRequirement':
        return declare(command, state, context);
      case 'EndContract':
        return endContract(command.on, state);
    }
  },
  evolve: (state, event) => (event.type === 'TraineeEnrolled' ? enrolled(event) : state.is === 'absent' ? state : evolve(state, event)),
};

function enrolled({ type: _type, ...event }: Extract<EnrolmentEvent, { type: 'TraineeEnrolled' }>): Career {
  return {
    is: 'enrolled',
    ...event,
    enrolledIn: event.cohortId,
    track: null,
    years: [],
    suspensions: [],
    withdrawn: [],
    notApplicable: new Map(),
  };
}

function evolve(state: Career, event: Exclude<EnrolmentEvent, { type: 'TraineeEnrolled' }>): Career {
  switch (event.type) {
    case 'TrainingYearsDated':
      return { ...state, years: event.years };
    case 'TraineeMovedToCohort':
      return { ...state, cohortId: event.cohortId };
    case 'TrackChosen':
      return { ...state, track: event.track };
    case 'SuspensionRecorded': {
      const { type: _type, ...recorded } = event;
      return { ...state, suspensions: [...state.suspensions, { ...recorded, ended: false }] };
    }
    case 'SuspensionCorrected': {
      const { suspensionId, withdrawn, from, to, estimatedTo } = event;
      if (withdrawn)
        return {
          ...state,
          suspensions: state.suspensions.filter((one) => one.suspensionId !== suspensionId),
          withdrawn: [...state.withdrawn, suspensionId],
        };
      return {
        ...state,
        suspensions: state.suspensions.map((one) =>
          one.suspensionId === suspensionId ? { ...one, from, to, estimatedTo, ended: false } : one,
        ),
      };
    }
    case 'SuspensionEnded':
      return {
        ...state,
        suspensions: state.suspensions.map((one) => (one.suspensionId === event.suspensionId ? { ...one, ended: true } : one)),
      };
    case 'RequirementDeclaredNotApplicable':
      return { ...state, notApplicable: new Map(state.notApplicable).set(event.requirementId, event.act) };
    case 'RequirementDeclaredApplicable':
      return {
        ...state,
        notApplicable: new Map([...state.notApplicable].filter(([requirementId]) => requirementId !== event.requirementId)),
      };
    case 'ContractEnded':
      return { ...state, endedOn: event.on };
  }
}
