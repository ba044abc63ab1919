import { setImmediate as nextTurn } from 'node:timers/promises';
import { Controller } from '@nestjs/common';
import { Assignments, Directory } from '@ateneo/access';
import { covers, dayOf } from '@ateneo/calendar';
import { reporting } from '@ateneo/contracts';
import { Handles, type Request, ServiceRuntime } from '@ateneo/service-kit';
import type { Enrolment } from '../ledger/enrolment.rules.js';
import type { Ledger } from '../ledger/ledger.rules.js';
import { LiveLedger } from '../trainee-counters/live-ledger.lookup.js';
import { TRAINEE_COUNTERS } from '../trainee-counters/trainee-counters.projection.js';
import { standingOf, TraineeProgress, type TraineeStanding } from './trainee-summary.rules.js';

type ListRequest = Request<typeof reporting.listTrainees>;
type Listed = { readonly enrolment: Enrolment; readonly standing: TraineeStanding };
/** Longest time that counting keeps the event loop to itself. */
const SLICE_MS = 8;

const ofSchool = ({ traineeId, schoolId }: { traineeId: string; schoolId: string }): string => `${traineeId} ${schoolId}`;

@Controller()
export class TraineeListController {
  readonly #progress = new TraineeProgress();

  constructor(
    private readonly live: LiveLedger,
    private readonly directory: Directory,
    private readonly assignments: Assignments,
    private readonly runtime: ServiceRuntime,
  ) {}

  @Handles(reporting.listTrainees)
  async list(request: ListRequest) {
    const { input } = request;
    const ledger = await this.live.everybody(input.after);
    const listed = await this.#listed(request, ledger);
    if (input.sort === 'progress' || input.sort === 'last-entry') await this.#countAll(ledger);
    const sorted = this.#sorted(listed, ledger, input);
    const first = (input.page - 1) * input.size;
    const rows = sorted.slice(first, first + input.size);
    const waiting = new Set(this.runtime.runner.incompleteKeys(TRAINEE_COUNTERS));
    const incomplete = rows.some((it) => waiting.has(it.enrolment.traineeId));
    return { total: sorted.length, trainees: rows.map((it) => this.#row(it, ledger)), ...(incomplete ? { incomplete } : {}) };
  }

  async #listed({ input, actor, sight }: ListRequest, ledger: Ledger): Promise<Listed[]> {
    const { today } = this.live;
    const own =
      actor && !sight.tenant
        ? new Set((await this.assignments.ofTutorIn(sight.tutorIn, actor.id)).filter((it) => covers(it, dayOf(today))).map(ofSchool))
        : new Set<string>();
    const named = input.search === undefined || input.search.trim() === '' ? undefined : this.directory.search(input.search);
    const network = ledger.network.view();
    const listed: Listed[] = [];
    for (const enrolment of ledger.enrolments.values()) {
      const { schoolId, traineeId } = enrolment;
      if (!sight.tenant && !sight.schools.includes(schoolId) && !own.has(ofSchool(enrolment))) continue;
      if ((input.schoolId !== undefined && input.schoolId !== schoolId) || (named && !named.has(traineeId))) continue;
      const standing = standingOf(enrolment, network, today);
      if (standing && this.#matches(standing, input)) listed.push({ enrolment, standing });
    }
    return listed;
  }

  #matches(it: TraineeStanding, { cohortId, trainingYear, suspended, waiting }: ListRequest['input']): boolean {
    return (
      (cohortId === undefined || it.cohortId === cohortId) &&
      (trainingYear === undefined || it.trainingYear === trainingYear) &&
      (suspended === undefined || it.suspended === suspended) &&
      (waiting === undefined || it.submitted > 0 === waiting)
    );
  }

  /** In slices, so that a first list after midnight or after a new mapping holds nobody else up. */
  async #countAll(ledger: Ledger): Promise<void> {
    while (!this.#progress.refresh(ledger, this.live.today, this.live.months, SLICE_MS)) await nextTurn();
  }

  #sorted(listed: readonly Listed[], ledger: Ledger, { sort, descending }: ListRequest['input']): Listed[] {
    const name = ({ enrolment }: Listed): number => this.directory.rank(enrolment.traineeId);
    const keys: Record<typeof sort, (it: Listed) => number | string> = {
      name,
      progress: (it) => this.#progressOf(it, ledger).definitivePercent ?? -1,
      submitted: (it) => it.standing.submitted,
      cohort: (it) => it.standing.cohort,
      'last-entry': (it) => this.#progressOf(it, ledger).lastEntryOn ?? '',
    };
    const keyed = listed.map((it) => ({ it, key: keys[sort](it), name: name(it) }));
    const direction = descending ? -1 : 1;
    return keyed.sort((a, b) => (a.key < b.key ? -direction : a.key > b.key ? direction : a.name - b.name)).map(({ it }) => it);
  }

  #progressOf({ enrolment }: Listed, ledger: Ledger) {
    return this.#progress.of(enrolment, ledger, this.live.today, this.live.months);
  }

  #row(it: Listed, ledger: Ledger): reporting.TraineeRow {
    const { traineeId, enrolmentId, schoolId } = it.enrolment;
    const { tutorId, ...standing } = it.standing;
    const tutor = tutorId === null ? null : { personId: tutorId, name: this.directory.name(tutorId) };
    return { traineeId, enrolmentId, schoolId, name: this.directory.name(traineeId), tutor, ...standing, ...this.#progressOf(it, ledger) };
  }
}
