import type { logbook, Output } from '@ateneo/contracts';
import { type ActorRef, type Decider, reject } from '@ateneo/event-sourcing';

export type Fates = Output<typeof logbook.showImport>['fates'];
/** How every row ended: counts, and the file that tells it row by row. */
export type Outcome = { readonly rows: number; readonly fates: Fates; readonly fatesFileId: string };

export type ImportCommand =
  | { type: 'StartImport'; importId: string; schoolId: string; fileId: string; fileName: string; startedBy: string }
  | ({ type: 'ReportCheck' } & Outcome)
  | { type: 'ConfirmImport'; onlyGood: boolean }
  | ({ type: 'FinishImport' } & Outcome)
  | { type: 'FailImport'; problem: string };
export type ImportEvent =
  // the stored format: add, never rename or remove
  | { type: 'ImportStarted'; importId: string; schoolId: string; fileId: string; fileName: string; startedBy: string }
  | ({ type: 'ImportChecked'; startedBy: string } & Outcome)
  | { type: 'ImportConfirmed'; onlyGood: boolean }
  | ({ type: 'ImportFinished'; startedBy: string } & Outcome)
  | { type: 'ImportFailed'; problem: string };

type Started = {
  readonly importId: string;
  readonly schoolId: string;
  readonly fileId: string;
  readonly fileName: string;
  readonly startedBy: string;
  readonly startedAt: string;
};
export type Import =
  | { readonly is: 'absent' }
  | ({ readonly is: 'checking' } & Started)
  | ({ readonly is: 'checked'; readonly checkedAt: string } & Started & Outcome)
  | ({ readonly is: 'importing'; readonly by: ActorRef } & Started & Outcome)
  | ({ readonly is: 'done' } & Started & Outcome)
  | ({ readonly is: 'failed'; readonly problem: string } & Started);

/** A CSV of another system's logbook: checked row by row first, carried out when a person confirms it (residency.md D, counting.md 25). */
export const logbookImport: Decider<Import, ImportCommand, ImportEvent> = {
  category: 'logbookImport',
  initial: { is: 'absent' },
  // a file's id is also its key, and its name may be a person's
  personal: {
    ImportStarted: { person: 'startedBy', fields: ['fileId', 'fileName'] },
    ImportChecked: { person: 'startedBy', fields: ['fatesFileId'] },
    ImportFinished: { person: 'startedBy', fields: ['fatesFileId'] },
  },
  office: { ImportFailed: ['problem'] },
  scope: (state) => (state.is === 'absent' ? {} : { schoolId: state.schoolId }),
  decide(command, state) {
    if (command.type === 'StartImport') return state.is === 'absent' ? [{ ...command, type: 'ImportStarted' }] : reject('id-already-used');
    if (state.is === 'absent') return reject('import-not-found');
    const { startedBy } = state;
    switch (command.type) {
      case 'ReportCheck':
        return state.is === 'checking' ? [{ ...command, type: 'ImportChecked', startedBy }] : [];
      case 'ConfirmImport':
        if (state.is === 'importing' || state.is === 'done') return [];
        if (state.is !== 'checked') return reject('import-not-checked', { is: state.is });
        if (state.fates.refused > 0 && !command.onlyGood) return reject('import-has-refused-rows', { refused: state.fates.refused });
        return [{ type: 'ImportConfirmed', onlyGood: command.onlyGood }];
      case 'FinishImport':
        return state.is === 'importing' ? [{ ...command, type: 'ImportFinished', startedBy }] : [];
      case 'FailImport':
        return state.is === 'done' || state.is === 'failed' ? [] : [{ type: 'ImportFailed', problem: command.problem }];
    }
  },
  evolve(state, event, { at, actor }) {
    if (event.type === 'ImportStarted') {
      const { type: _type, ...started } = event;
      return { is: 'checking', ...started, startedAt: at };
    }
    if (state.is === 'absent') return state;
    const { importId, schoolId, fileId, fileName, startedBy, startedAt } = state;
    const started: Started = { importId, schoolId, fileId, fileName, startedBy, startedAt };
    switch (event.type) {
      case 'ImportChecked':
        return { is: 'checked', ...started, ...outcomeOf(event), checkedAt: at };
      case 'ImportConfirmed':
        return 'fates' in state ? { is: 'importing', ...started, ...outcomeOf(state), by: actor } : state;
      case 'ImportFinished':
        return { is: 'done', ...started, ...outcomeOf(event) };
      case 'ImportFailed':
        return { is: 'failed', ...started, problem: event.problem };
    }
  },
};

const outcomeOf = ({ rows, fates, fatesFileId }: Outcome): Outcome => ({ rows, fates, fatesFileId });
