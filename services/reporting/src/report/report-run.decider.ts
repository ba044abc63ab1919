import { type ActorRef, type Decider, reject } from '@ateneo/event-sourcing';

type Started = { readonly runId: string; readonly schoolId: string; readonly traineeIds: readonly string[]; readonly locale: 'it' | 'en' };
export type Failed = { readonly traineeId: string; readonly reason: string };
/** Whose reports were generated and whose could not be; the others were not reached. */
export type RunOutcome = { readonly done: readonly string[]; readonly failed: readonly Failed[] };

export type RunCommand = ({ type: 'StartRun' } & Started) | ({ type: 'EndRun' } & RunOutcome) | ({ type: 'CancelRun' } & RunOutcome);
export type RunEvent =
  // the stored format: add, never rename or remove
  ({ type: 'RunStarted' } & Started) | ({ type: 'RunEnded' } & RunOutcome) | ({ type: 'RunCancelled' } & RunOutcome);
export type StartedRun = { readonly startedAt: string; readonly by: ActorRef } & Started;
export type Run =
  { readonly is: 'absent' } | ({ readonly is: 'running' } & StartedRun) | ({ readonly is: 'done' | 'cancelled' } & StartedRun & RunOutcome);

/** Reports of many trainees of a school in one go, which a restart carries on and a person may stop (residency.md 117-119, A11.11). */
export const reportRun: Decider<Run, RunCommand, RunEvent> = {
  category: 'reportingReportRun',
  initial: { is: 'absent' },
  scope: (state) => (state.is === 'absent' ? {} : { schoolId: state.schoolId }),
  decide(command, state) {
    if (command.type === 'StartRun') return state.is === 'absent' ? [{ ...command, type: 'RunStarted' }] : reject('id-already-used');
    if (state.is === 'absent') return reject('run-not-found');
    if (state.is !== 'running') return [];
    const { done, failed } = command;
    return [{ type: command.type === 'EndRun' ? 'RunEnded' : 'RunCancelled', done, failed }];
  },
  evolve(state, event, { at, actor }) {
    if (event.type === 'RunStarted') {
      const { type: _type, ...started } = event;
      return { is: 'running', ...started, startedAt: at, by: actor };
    }
    const { type, ...outcome } = event;
    return state.is === 'absent' ? state : { ...state, ...outcome, is: type === 'RunEnded' ? 'done' : 'cancelled' };
  },
};
