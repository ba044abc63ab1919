import { NON_PROFESSIONAL, type Activity, type AutonomyScale, type RequirementSet, schoolNetworkEvents } from '@ateneo/contracts';
import { handlers, on } from '@ateneo/event-sourcing';
import { compileSet, type CompiledSet } from '../counting/compiled-set.rules.js';
import type { DayNumber } from '../counting/calendar.rules.js';

const { tutorAssigned, tutorAssignmentEnded } = schoolNetworkEvents;
/** An event of the school network as the ledger keeps it. */
export type NetworkEvent = {
  readonly id: string;
  readonly position: number;
  readonly known: DayNumber;
  readonly type: string;
  readonly data: unknown;
};
export type Cohort = {
  readonly cohortId: string;
  readonly schoolId: string;
  readonly label: string;
  readonly coreSetId: string;
  readonly supplementSetIds: readonly string[];
};
export type School = { readonly schoolId: string; readonly name: { readonly it: string; readonly en: string } };
export type Assignment = {
  readonly assignmentId: string;
  readonly schoolId: string;
  readonly traineeId: string;
  readonly tutorId: string;
  readonly from: string;
  readonly to: string | null;
};

/** What the school network had said up to some moment. */
export class NetworkView {
  static readonly #evolves = handlers<NetworkEvent, NetworkView, void>([
    on(schoolNetworkEvents.schoolOpened, ({ data: { schoolId, name } }, view) => void view.schools.set(schoolId, { schoolId, name })),
    on(schoolNetworkEvents.requirementSetPublished, ({ data: { setId, set, activities } }, view) => {
      view.#sets.set(setId, set);
      for (const it of activities) {
        view.#derived.set(it.code, it);
        view.#codes.add(it.code);
      }
      view.#compiled.clear();
    }),
    on(schoolNetworkEvents.activityAdded, ({ data: { schoolId, activity } }, view) => {
      view.#own.set(schoolId, (view.#own.get(schoolId) ?? new Map()).set(activity.code, activity));
      view.#codes.add(activity.code);
      view.#compiled.clear();
    }),
    on(
      schoolNetworkEvents.cohortOpened,
      ({ data: { cohortId, schoolId, label, coreSetId, supplementSetIds } }, view) =>
        void view.cohorts.set(cohortId, { cohortId, schoolId, label, coreSetId, supplementSetIds }),
    ),
    on(schoolNetworkEvents.cohortBoundToRequirementSet, ({ data: { cohortId, coreSetId, supplementSetIds } }, view) => {
      const cohort = view.cohorts.get(cohortId);
      if (cohort) view.cohorts.set(cohortId, { ...cohort, coreSetId, supplementSetIds });
    }),
    on(schoolNetworkEvents.cohortRequirementDeclaredNotApplicable, ({ data: { cohortId, requirementId, act, applicable } }, view) => {
      const acts = new Map(view.#notApplicable.get(cohortId));
      if (applicable) acts.delete(requirementId);
      else acts.set(requirementId, act);
      view.#notApplicable.set(cohortId, acts);
    }),
    on(schoolNetworkEvents.autonomyScaleDefined, ({ data }, view) => void (view.scale = data)),
    on(tutorAssigned, ({ data: { assignmentId, schoolId, traineeId, tutorId, from, to } }, view) => {
      view.#assignments.set(assignmentId, { assignmentId, schoolId, traineeId, tutorId, from, to });
      view.#assigned.set(traineeId, (view.#assigned.get(traineeId) ?? new Set()).add(assignmentId));
    }),
    on(tutorAssignmentEnded, ({ data: { assignmentId, to } }, view) => {
      const assignment = view.#assignments.get(assignmentId);
      if (assignment) view.#assignments.set(assignmentId, { ...assignment, to });
    }),
  ]);
  /** Types of the events that it is made of. */
  static readonly events = NetworkView.#evolves.public ?? [];

  readonly schools = new Map<string, School>();
  readonly cohorts = new Map<string, Cohort>();
  readonly #assignments = new Map<string, Assignment>();
  readonly #assigned = new Map<string, Set<string>>();
  scale: AutonomyScale = { levels: [], surgicalRoles: [] };
  readonly #sets = new Map<string, RequirementSet>();
  /** activities derived from sets, by code; and each school's own */
  readonly #derived = new Map<string, Activity>();
  readonly #own = new Map<string, Map<string, Activity>>();
  readonly #codes = new Set<string>(NON_PROFESSIONAL.map((it) => it.code));
  readonly #notApplicable = new Map<string, Map<string, string>>();
  readonly #compiled = new Map<string, CompiledSet>();

  /** All assignments of a trainee, past ones too. */
  assignmentsOf(traineeId: string): Assignment[] {
    return [...(this.#assigned.get(traineeId) ?? [])].flatMap((id) => this.#assignments.get(id) ?? []);
  }

  knowsActivity(code: string): boolean {
    return this.#codes.has(code);
  }

  knowsSet(setId: string): boolean {
    return this.#sets.has(setId);
  }

  /** Sets in force for a cohort, core first, with the activities of its school. */
  setsOf(cohort: Cohort): CompiledSet[] {
    return [cohort.coreSetId, ...cohort.supplementSetIds].flatMap((setId) => this.#compiledSet(setId, cohort.schoolId) ?? []);
  }

  /** Act by requirement that a director declared not applicable to the cohort. */
  notApplicableTo(cohortId: string): ReadonlyMap<string, string> {
    return this.#notApplicable.get(cohortId) ?? new Map();
  }

  evolve(event: NetworkEvent): void {
    NetworkView.#evolves.handle(event, this);
  }

  static tells(type: string): boolean {
    return NetworkView.#evolves.handles(type);
  }

  /** An activity leads where its feeds say, whatever set it was derived from; a school's own comes before a derived one of the same code. */
  #compiledSet(setId: string, schoolId: string): CompiledSet | undefined {
    const key = `${setId} ${schoolId}`;
    const known = this.#compiled.get(key);
    const set = this.#sets.get(setId);
    if (known || !set) return known;
    const compiled = compileSet(set, [...this.#derived.values(), ...(this.#own.get(schoolId)?.values() ?? [])]);
    this.#compiled.set(key, compiled);
    return compiled;
  }
}

/** Types whose facts the counters depend on; assignments only say who the tutor is. */
const isAssignment = (type: string): boolean => type === tutorAssigned.type || type === tutorAssignmentEnded.type;

const pastBounded = 32;
/** All that the school network told, by when it was told; reference data, read whole (architecture 5). */
export class NetworkReference {
  /** Raised by everything that may move a counter. */
  version = 0;
  readonly #events = new Map<string, NetworkEvent>();
  readonly #past = new Map<DayNumber, NetworkView>();
  #latest: NetworkView | undefined = new NetworkView();
  #highest = 0;

  /** False where it had been taken in before. */
  add(event: NetworkEvent): boolean {
    if (this.#events.has(event.id)) return false;
    this.#events.set(event.id, event);
    this.#past.clear();
    if (!isAssignment(event.type)) this.version += 1;
    if (event.position < this.#highest) this.#latest = undefined;
    else this.#latest?.evolve(event);
    this.#highest = Math.max(this.#highest, event.position);
    return true;
  }

  /** As known now, or by the end of a day. */
  view(knownBy?: DayNumber): NetworkView {
    if (knownBy === undefined) return (this.#latest ??= this.#foldUntil(Number.POSITIVE_INFINITY));
    let view = this.#past.get(knownBy);
    if (view) return view;
    if (this.#past.size >= pastBounded) this.#past.clear();
    this.#past.set(knownBy, (view = this.#foldUntil(knownBy)));
    return view;
  }

  #foldUntil(knownBy: DayNumber): NetworkView {
    const view = new NetworkView();
    for (const event of [...this.#events.values()].sort((a, b) => a.position - b.position)) if (event.known <= knownBy) view.evolve(event);
    return view;
  }
}
