import type { logbookEvents } from '@ateneo/contracts';
import { type Decider, type PersonalFields, reject, type Refusal, type Upcaster } from '@ateneo/event-sourcing';
import {
  type EntryFacts,
  knownValues,
  type Reference,
  refuseContent,
  refuseImported,
  refusePatientData,
  suspendedOn,
} from './entry-content.rules.js';

type Certified = logbookEvents.Certified;
export type Content = EntryFacts & { readonly note: string };
/** The import that an imported row came with. */
export type Source = { readonly importId: string };

export type EntryCommand =
  | ({
      type: 'RecordEntry';
      entryId: string;
      enrolmentId: string;
      traineeId: string;
      schoolId: string;
      submit: boolean;
    } & Content)
  | ({ type: 'AmendEntry'; submit: boolean; revision?: number } & Content)
  | { type: 'SubmitEntry' }
  | { type: 'WithdrawEntry' }
  | { type: 'DiscardEntry' }
  | {
      type: 'ValidateEntry';
      validatorId: string;
      revision?: number;
      autonomy?: string | null;
      classified?: Certified['classified'];
      creditedTo: string | null;
      batchId: string | null;
    }
  | { type: 'ReturnEntry'; validatorId: string; reason: string }
  | { type: 'RejectEntry'; validatorId: string; reason: string }
  | { type: 'ReverseValidation'; reversedBy: string; reason: string | null; batchId: string | null }
  | { type: 'KeepEntry'; reason: string }
  | ({
      type: 'ImportEntry';
      entryId: string;
      enrolmentId: string;
      traineeId: string;
      schoolId: string;
      source: Source;
      /** the row's id in the other system */ externalId: string;
      to: 'draft' | 'submitted' | 'validated';
      validatorId: string | null;
      creditedTo: string | null;
    } & Content);
export type ImportEntry = Extract<EntryCommand, { type: 'ImportEntry' }>;

export type EntryEvent =
  // the stored format: add, never rename or remove
  | ({
      type: 'EntryRecorded';
      entryId: string;
      enrolmentId: string;
      traineeId: string;
      schoolId: string;
      source: Source | null;
      externalId: string | null;
    } & Content)
  | ({ type: 'EntryAmended'; enrolmentId: string } & Content)
  | { type: 'EntrySubmitted' | 'EntryWithdrawn' | 'EntryDiscarded'; enrolmentId: string }
  | {
      type: 'EntryValidated';
      enrolmentId: string;
      validatorId: string;
      certified: Certified;
      creditedTo: string | null;
      batchId: string | null;
    }
  | { type: 'EntryReturned' | 'EntryRejected'; enrolmentId: string; reason: string }
  | { type: 'ValidationReversed'; enrolmentId: string; reason: string | null; batchId: string | null }
  | { type: 'EntryKept'; enrolmentId: string; reason: string };

type Written = {
  readonly entryId: string;
  readonly enrolmentId: string;
  readonly traineeId: string;
  readonly schoolId: string;
  readonly content: Content;
  /** events so far, less one */ readonly revision: number;
};
export type Entry =
  | { readonly is: 'absent' }
  | ({ readonly is: 'draft' | 'submitted' | 'rejected' | 'discarded' } & Written)
  | ({ readonly is: 'validated'; readonly validatorId: string; readonly validatedAt: string; readonly batchId: string | null } & Written);

/** What the logbook knows of other services on the day of the act; read from its own projections. */
export type EntryContext = {
  readonly today: string;
  /** ISO instant of the request. */
  readonly now: string;
  readonly reference?: Reference;
  /** Who validates: assigned to the trainee on the entry's days, or director of the school. */
  readonly validator?: { readonly assigned: boolean; readonly director: boolean };
  /** An import window of the school is open today. */
  readonly importWindow?: boolean;
  /** Targets that the tutor may credit the entry to; empty where no cross credit is due. */
  readonly creditTargets?: readonly string[];
};

/** How long an own bulk validation can be taken back. */
export const UNDO_MINUTES = 10;
/** Clocks of instances differ by less; a clock that went back further leaves no window open until it has caught up. */
const CLOCKS_APART_MS = 60_000;

const personal: PersonalFields<EntryEvent> = {
  EntryRecorded: { fields: ['note', 'externalId'] },
  EntryAmended: { fields: ['note'] },
  EntryReturned: { fields: ['reason'] },
  EntryRejected: { fields: ['reason'] },
  ValidationReversed: { fields: ['reason'] },
  EntryKept: { fields: ['reason'] },
};

/** Until version 2 `source` held the row's id in clear: it is read no more. */
const upcasters: readonly Upcaster[] = [
  {
    type: 'EntryRecorded',
    from: 1,
    up: ({ source, ...data }) => ({ ...data, source: source ? { importId: (source as Source).importId } : null, externalId: null }),
  },
];

const contentOf = ({
  kind,
  activities,
  period,
  performedFrom,
  performedTo,
  unitId,
  quantity,
  autonomy,
  classified,
  simulated,
  credits,
  note,
}: Content): Content => ({
  kind,
  activities,
  period,
  performedFrom,
  performedTo,
  unitId,
  quantity,
  autonomy,
  classified,
  simulated,
  credits,
  note,
});

function accept(content: Content, { reference, today }: EntryContext): Refusal | undefined {
  return reference ? refuseContent(content, content.note, reference, today) : reject('trainee-not-known-yet');
}

/** counting.md 24 for acts that say nothing new. */
const writable = ({ reference, today }: EntryContext): Refusal | undefined =>
  reference ? suspendedOn(reference, today) : reject('trainee-not-known-yet');

/** Tutors inside an assignment, the director always; past activities are the director's (residency.md 79, E2.5). */
function mayJudge(entry: Written, validatorId: string, { validator }: EntryContext): Refusal | undefined {
  if (entry.traineeId === validatorId) return reject('entry-validated-by-its-author');
  if (validator?.director) return undefined;
  if (entry.content.kind === 'past') return reject('only-the-director-validates-past-activities');
  return validator?.assigned
    ? undefined
    : reject('no-assignment-on-that-day', { from: entry.content.performedFrom, to: entry.content.performedTo });
}

function validate(
  entry: Written & { is: 'submitted' },
  command: Extract<EntryCommand, { type: 'ValidateEntry' }>,
  context: EntryContext,
): readonly EntryEvent[] | Refusal {
  if (command.revision !== undefined && command.revision !== entry.revision)
    return reject('entry-changed-meanwhile', { revision: entry.revision });
  const refusal = mayJudge(entry, command.validatorId, context);
  if (refusal) return refusal;
  const { content } = entry;
  const certified: Certified = {
    autonomy: command.autonomy === undefined ? content.autonomy : command.autonomy,
    classified: { ...content.classified, ...command.classified },
  };
  const unknown = context.reference && knownValues(certified, context.reference.scale);
  if (unknown) return unknown;
  const targets = context.creditTargets ?? [];
  if (targets.length > 0 && command.creditedTo === null) return reject('cross-credit-due', { field: 'creditedTo', targets });
  if (command.creditedTo !== null && !targets.includes(command.creditedTo))
    return reject('cross-credit-not-allowed', { field: 'creditedTo', targets });
  return [
    {
      type: 'EntryValidated',
      enrolmentId: entry.enrolmentId,
      validatorId: command.validatorId,
      certified,
      creditedTo: command.creditedTo,
      batchId: command.batchId,
    },
  ];
}

function giveBack(
  entry: Written,
  command: { type: 'ReturnEntry' | 'RejectEntry'; validatorId: string; reason: string },
  context: EntryContext,
): readonly EntryEvent[] | Refusal {
  if (entry.content.kind === 'non-professional') return reject('not-for-non-professional');
  const refusal = mayJudge(entry, command.validatorId, context) ?? refusePatientData(command.reason, 'reason');
  return (
    refusal ?? [
      { type: command.type === 'ReturnEntry' ? 'EntryReturned' : 'EntryRejected', enrolmentId: entry.enrolmentId, reason: command.reason },
    ]
  );
}

function reverse(
  entry: Entry & { is: 'validated' },
  command: Extract<EntryCommand, { type: 'ReverseValidation' }>,
  { now, validator }: EntryContext,
): readonly EntryEvent[] | Refusal {
  if (command.batchId !== null) {
    if (entry.batchId !== command.batchId || entry.validatorId !== command.reversedBy) return reject('not-your-validation');
    const since = Date.parse(now) - Date.parse(entry.validatedAt);
    if (since > UNDO_MINUTES * 60_000 || since < -CLOCKS_APART_MS) return reject('undo-window-closed', { minutes: UNDO_MINUTES });
  } else if (entry.validatorId !== command.reversedBy && !validator?.director) return reject('not-your-validation');
  const refusal = command.reason === null ? undefined : refusePatientData(command.reason, 'reason');
  return refusal ?? [{ type: 'ValidationReversed', enrolmentId: entry.enrolmentId, reason: command.reason, batchId: command.batchId }];
}

/** Why an imported row that says «validated» lands as submitted; undefined: it lands as validated (counting.md 25). */
export function whyNotCertified(
  { kind, traineeId, validatorId, creditedTo }: Pick<ImportEntry, 'kind' | 'traineeId' | 'validatorId' | 'creditedTo'>,
  { importWindow, validator, creditTargets = [] }: EntryContext,
): string | undefined {
  if (!importWindow) return 'import-window-closed';
  if (validatorId === null) return 'validator-unknown';
  if (validatorId === traineeId) return 'entry-validated-by-its-author';
  if (kind === 'past' && !validator?.director) return 'only-the-director-validates-past-activities';
  if (kind !== 'past' && !validator?.assigned) return 'no-assignment-on-that-day';
  return creditTargets.length > 0 && creditedTo === null ? 'cross-credit-due' : undefined;
}

/** A row of another system's logbook: a new entry, or the new content of a draft that came from the same row. */
function importRow(state: Entry, command: ImportEntry, context: EntryContext): readonly EntryEvent[] | Refusal {
  if (state.is !== 'absent' && state.traineeId !== command.traineeId) return reject('id-already-used');
  if (state.is !== 'absent' && state.is !== 'draft') return reject('entry-not-a-draft', { state: state.is });
  const { reference, today, creditTargets = [] } = context;
  const refusal = reference ? refuseImported(command, command.note, reference, today) : reject('trainee-not-known-yet');
  if (refusal) return refusal;
  if (command.creditedTo !== null && !creditTargets.includes(command.creditedTo))
    return reject('cross-credit-not-allowed', { field: 'creditedTo', targets: creditTargets });
  const { entryId, enrolmentId, traineeId, schoolId, source, externalId, to, validatorId, creditedTo, autonomy, classified } = command;
  const events: EntryEvent[] = [];
  if (state.is === 'absent')
    events.push({ type: 'EntryRecorded', entryId, enrolmentId, traineeId, schoolId, source, externalId, ...contentOf(command) });
  else if (!sameContent(state.content, command)) events.push({ type: 'EntryAmended', enrolmentId, ...contentOf(command) });
  if (to !== 'draft') events.push({ type: 'EntrySubmitted', enrolmentId });
  if (to === 'validated' && validatorId !== null && whyNotCertified(command, context) === undefined)
    events.push({ type: 'EntryValidated', enrolmentId, validatorId, certified: { autonomy, classified }, creditedTo, batchId: null });
  return events;
}

/** An activity that a trainee performed. Whoever validates it is never that trainee, and had the trainee assigned on that day (D.I. 68/2015 art. 5; art. 38 D.Lgs. 368/1999). */
export const entry: Decider<Entry, EntryCommand, EntryEvent, EntryContext> = {
  category: 'logbookEntry',
  initial: { is: 'absent' },
  personal,
  versions: { EntryRecorded: 2 },
  upcasters,
  scope: (state) => (state.is === 'absent' ? {} : { schoolId: state.schoolId, traineeId: state.traineeId }),
  decide(command, state, context) {
    if (command.type === 'RecordEntry') {
      if (state.is !== 'absent') return reject('id-already-used');
      const refusal = accept(command, context);
      if (refusal) return refusal;
      const { entryId, enrolmentId, traineeId, schoolId } = command;
      const recorded: EntryEvent = {
        type: 'EntryRecorded',
        entryId,
        enrolmentId,
        traineeId,
        schoolId,
        source: null,
        externalId: null,
        ...contentOf(command),
      };
      return command.submit ? [recorded, { type: 'EntrySubmitted', enrolmentId }] : [recorded];
    }
    if (command.type === 'ImportEntry') return importRow(state, command, context);
    if (state.is === 'absent' || state.is === 'discarded') return reject('entry-not-found');
    const { enrolmentId } = state;
    switch (command.type) {
      case 'AmendEntry': {
        if (state.is !== 'draft') return reject('entry-not-a-draft', { state: state.is });
        if (command.revision !== undefined && command.revision !== state.revision)
          return reject('entry-changed-meanwhile', { revision: state.revision });
        const refusal = accept(command, context);
        if (refusal) return refusal;
        const amended: EntryEvent[] = sameContent(state.content, command)
          ? []
          : [{ type: 'EntryAmended', enrolmentId, ...contentOf(command) }];
        return command.submit ? [...amended, { type: 'EntrySubmitted', enrolmentId }] : amended;
      }
      case 'SubmitEntry':
        if (state.is === 'submitted') return [];
        if (state.is !== 'draft') return reject('entry-not-a-draft', { state: state.is });
        return accept(state.content, context) ?? [{ type: 'EntrySubmitted', enrolmentId }];
      case 'WithdrawEntry':
        if (state.is === 'draft') return [];
        if (state.is !== 'submitted') return reject('entry-not-submitted', { state: state.is });
        return writable(context) ?? [{ type: 'EntryWithdrawn', enrolmentId }];
      case 'DiscardEntry':
        if (state.is !== 'draft') return reject('entry-not-a-draft', { state: state.is });
        return writable(context) ?? [{ type: 'EntryDiscarded', enrolmentId }];
      case 'ValidateEntry':
        if (state.is === 'validated' && state.validatorId === command.validatorId) return [];
        if (state.is !== 'submitted') return reject('entry-not-submitted', { state: state.is });
        return validate({ ...state, is: 'submitted' }, command, context);
      case 'ReturnEntry':
      case 'RejectEntry':
        if (state.is !== 'submitted') return reject('entry-not-submitted', { state: state.is });
        return giveBack(state, command, context);
      case 'ReverseValidation':
        if (state.is !== 'validated') return reject('entry-not-validated', { state: state.is });
        return reverse(state, command, context);
      case 'KeepEntry':
        return refusePatientData(command.reason, 'reason') ?? [{ type: 'EntryKept', enrolmentId, reason: command.reason }];
    }
  },
  evolve(state, event, { at }) {
    if (event.type === 'EntryRecorded') {
      const { entryId, enrolmentId, traineeId, schoolId } = event;
      return { is: 'draft', entryId, enrolmentId, traineeId, schoolId, content: contentOf(event), revision: 0 };
    }
    if (state.is === 'absent') return state;
    const { entryId, enrolmentId, traineeId, schoolId, content } = state;
    const known: Written = { entryId, enrolmentId, traineeId, schoolId, content, revision: state.revision + 1 };
    switch (event.type) {
      case 'EntryAmended':
        return { is: 'draft', ...known, content: contentOf(event) };
      case 'EntrySubmitted':
        return { is: 'submitted', ...known };
      case 'EntryWithdrawn':
      case 'EntryReturned':
        return { is: 'draft', ...known };
      case 'EntryDiscarded':
        return { is: 'discarded', ...known };
      case 'EntryRejected':
        return { is: 'rejected', ...known };
      case 'EntryValidated':
        return { is: 'validated', ...known, validatorId: event.validatorId, validatedAt: at, batchId: event.batchId };
      case 'ValidationReversed':
        return { is: 'submitted', ...known };
      case 'EntryKept':
        return { ...state, revision: known.revision };
    }
  },
};

const sameContent = (a: Content, b: Content): boolean => JSON.stringify(contentOf(a)) === JSON.stringify(contentOf(b));
