import type { LedgerEvent } from '../src/ledger/ledger.rules.js';
import { Ledger } from '../src/ledger/ledger.rules.js';
import { activitiesOf, courseYearsOf, setOf } from './catalogue.js';

export const ids = {
  school: '0198c0de-0000-7000-8000-000000000010',
  cohort: '0198c0de-0000-7000-8000-000000000012',
  enrolment: '0198c0de-0000-7000-8000-000000000020',
  trainee: '0198c0de-0000-7000-8000-000000000001',
  tutor: '0198c0de-0000-7000-8000-000000000002',
};
export const entryId = (n: number): string => `0198c0de-0000-7000-9000-${String(n).padStart(12, '0')}`;

/** Events as the services would publish them, positions and all. */
export class Log {
  readonly events: (LedgerEvent & { readonly stream: string })[] = [];
  at = '2026-01-15T10:00:00.000Z';
  private readonly positions = new Map<string, number>();

  add(type: string, stream: string, data: object): this {
    const service = type.slice(0, type.indexOf('.'));
    const position = (this.positions.get(service) ?? 0) + 1;
    this.positions.set(service, position);
    this.events.push({ id: `${service}-${position}`, type, data, at: this.at, position, service, stream });
    return this;
  }
  on(day: string): this {
    this.at = `${day}T10:00:00.000Z`;
    return this;
  }
  school(setId: string, supplements: string[] = []): this {
    for (const id of [setId, ...supplements]) this.publish(id);
    return this.add('school-network.cohort-opened.v1', 'cohort-1', {
      cohortId: ids.cohort,
      schoolId: ids.school,
      label: '2021/2022',
      startsOn: '2021-11-01',
      coreSetId: setId,
      supplementSetIds: supplements,
    });
  }
  publish(setId: string): this {
    return this.add('school-network.requirement-set-published.v1', `set-${setId}`, {
      setId,
      schoolCode: 'X',
      set: setOf(setId),
      activities: activitiesOf(setOf(setId)),
    });
  }
  trainee(setId: string, who: { enrolmentId?: string; traineeId?: string } = {}): this {
    const key = { enrolmentId: ids.enrolment, traineeId: ids.trainee, schoolId: ids.school, ...who };
    const courseYears = courseYearsOf(setId);
    this.add('career.trainee-enrolled.v1', 'enrolment-1', { ...key, cohortId: ids.cohort, contractStart: '2021-11-01', courseYears });
    return this.add('career.training-years-dated.v1', 'enrolment-1', {
      ...key,
      years: Array.from({ length: courseYears }, (_, index) => ({
        year: index + 1,
        from: `${2021 + index}-11-01`,
        to: `${2022 + index}-10-31`,
        open: false,
      })),
    });
  }
  career(name: string, data: object): this {
    return this.add(`career.${name}.v1`, 'enrolment-1', {
      enrolmentId: ids.enrolment,
      traineeId: ids.trainee,
      schoolId: ids.school,
      ...data,
    });
  }
  entry(n: number, name: string, data: object = {}): this {
    return this.add(`logbook.${name}.v1`, `logbookEntry-${entryId(n)}`, {
      entryId: entryId(n),
      enrolmentId: ids.enrolment,
      traineeId: ids.trainee,
      schoolId: ids.school,
      ...data,
    });
  }
  record(n: number, activities: string[], more: object = {}): this {
    return this.entry(n, 'entry-recorded', {
      kind: 'professional',
      activities,
      period: false,
      performedFrom: '2026-01-10',
      performedTo: '2026-01-10',
      unitId: null,
      quantity: 1,
      autonomy: null,
      classified: {},
      simulated: false,
      credits: null,
      importId: null,
      ...more,
    });
  }
  validate(n: number, certified: object = {}, more: object = {}): this {
    return this.entry(n, 'entry-validated', {
      validatorId: ids.tutor,
      certified: { autonomy: null, classified: {}, ...certified },
      creditedTo: null,
      batchId: null,
      ...more,
    });
  }
  ledger(): Ledger {
    const ledger = new Ledger();
    for (const event of this.events)
      if (event.service === 'school-network') ledger.takeNetwork(event);
      else ledger.take(event);
    return ledger;
  }
}
