import type { Assignments, Directory } from '@ateneo/access';
import { covers, overlaps } from '@ateneo/calendar';
import { career, CODE_TEXT } from '@ateneo/contracts';
import { load, Refusal, uuidv8 } from '@ateneo/event-sourcing';
import { ServiceRuntime } from '@ateneo/service-kit';
import { entry, type EntryContext, type EntryEvent, type ImportEntry, whyNotCertified } from '../entry/entry.decider.js';
import { unclassified } from '../entry/entry-content.rules.js';
import type { TraineeReferences } from '../known/trainee-references.lookup.js';
import type { KnownEnrolment } from '../known/known.projection.js';
import type { CsvRecord } from './csv-file.client.js';
import type { Fate } from './import-fates.rules.js';
import { AXIS_COLUMNS, type Column, columnOfField } from './import-columns.rules.js';
import { canonicalNumber, type ImportRow, readRow, RowProblem } from './import-row.rules.js';
import { directors, units } from './imports.projection.js';

/** A row that may stand: what to command, in which context. */
export type Judged = {
  readonly line: number;
  readonly externalId: string;
  readonly command: ImportEntry;
  readonly commandId: string;
  readonly context: EntryContext;
};
type Parts = {
  readonly runtime: ServiceRuntime;
  readonly known: TraineeReferences;
  readonly assignments: Assignments;
  readonly directory: Directory;
};
type Scope = { readonly importId: string; readonly schoolId: string };

const SOURCE = 'csv';
const CODE = /^[\w./-]{1,80}$/;

/** Judges the rows of one import, in the order of the file; remembers what it has looked up and which external ids it has met. */
export class RowJudge {
  readonly #lines = new Map<string, number>();
  readonly #enrolments = new Map<string, readonly KnownEnrolment[]>();
  readonly #people = new Map<string, string | null>();
  readonly #assigned = new Map<string, Awaited<ReturnType<Assignments['ofTutor']>>>();
  #units: ReadonlyMap<string, string> | undefined;
  #window: boolean | undefined;
  #directors: readonly { personId: string; from: string; to: string | null }[] | undefined;

  constructor(
    private readonly parts: Parts,
    private readonly scope: Scope,
    private readonly header: Readonly<Record<Column, number>>,
  ) {}

  /** Rows as commands, or as fates where they are refused before any command. */
  async judge(records: readonly CsvRecord[]): Promise<(Judged | Fate)[]> {
    const rows = records.map(({ line, cells }) => ({ line, cells, row: this.#once(readRow(cells, this.header), line) }));
    await this.#resolve(rows.flatMap(({ row }) => (row instanceof RowProblem ? [] : [row.studentNumber])));
    const judged: (Judged | Fate)[] = [];
    for (const { line, cells, row } of rows) {
      const found = row instanceof RowProblem ? row : await this.#command(row);
      const externalId = row instanceof RowProblem ? idToShow(cells[this.header.external_id]) : row.externalId;
      judged.push(found instanceof RowProblem ? refused({ line, externalId }, found) : { line, externalId, ...found });
    }
    return judged;
  }

  /** What would happen, nothing stored. */
  async dryRun(judged: Judged): Promise<Fate> {
    const { command, commandId, context } = judged;
    const { state, stored } = await load(entry, command.entryId, this.parts.runtime);
    if (stored.some(({ metadata }) => metadata.commandId === commandId)) return fateOf(judged, []);
    const decided = entry.decide(command, state, context);
    return decided instanceof Refusal ? refusedBy(judged, decided) : fateOf(judged, decided);
  }

  #once(row: ImportRow | RowProblem, line: number): ImportRow | RowProblem {
    if (row instanceof RowProblem) return row;
    const first = this.#lines.get(row.externalId);
    if (first !== undefined) return new RowProblem('external_id', 'external-id-repeated', String(first));
    this.#lines.set(row.externalId, line);
    return row;
  }

  async #resolve(numbers: readonly string[]): Promise<void> {
    const wanted = [...new Set(numbers)].filter((one) => !this.#enrolments.has(canonicalNumber(one)));
    if (wanted.length === 0) return;
    const { known, runtime } = this.parts;
    const { enrolments } = await runtime.client.call(career.resolveStudentNumbers, {
      schoolId: this.scope.schoolId,
      studentNumbers: wanted,
    });
    for (const number of wanted) {
      const found = enrolments.filter(({ studentNumber }) => canonicalNumber(studentNumber) === canonicalNumber(number));
      const all = await Promise.all(found.map(({ traineeId, enrolmentId }) => known.enrolment(traineeId, enrolmentId)));
      this.#enrolments.set(
        canonicalNumber(number),
        all.filter((one): one is KnownEnrolment => one?.schoolId === this.scope.schoolId),
      );
    }
  }

  async #command(row: ImportRow): Promise<Pick<Judged, 'command' | 'commandId' | 'context'> | RowProblem> {
    const { importId, schoolId } = this.scope;
    const { externalId, studentNumber: _number, unit, state: to, validator, autonomy, classified, activities, ...said } = row;
    const enrolment = this.#enrolment(row);
    const reference = await this.parts.known.reference(enrolment);
    if (!enrolment || !reference) return new RowProblem('student_number', enrolment ? 'trainee-not-known-yet' : 'student-number-unknown');
    const unitId = unit === null ? null : await this.#unit(unit, reference.units);
    if (unitId === undefined) return new RowProblem('unit', 'unit-not-in-network');
    const levels = reference.scale.levels;
    const roles = reference.scale.surgicalRoles;
    const role = classified['surgical-role'];
    const command: ImportEntry = {
      type: 'ImportEntry',
      entryId: uuidv8(schoolId, SOURCE, externalId),
      enrolmentId: enrolment.enrolmentId,
      traineeId: enrolment.traineeId,
      schoolId,
      source: { importId },
      externalId,
      to,
      validatorId: to === 'validated' && validator !== null ? this.#person(validator) : null,
      ...said,
      activities: [...activities],
      unitId,
      autonomy: autonomy === null ? null : keyNamed(levels, autonomy),
      classified: role === undefined ? classified : { ...classified, 'surgical-role': keyNamed(roles, role) },
    };
    return {
      command,
      commandId: uuidv8(schoolId, SOURCE, externalId, JSON.stringify(row)),
      context: await this.#context(command, enrolment, reference),
    };
  }

  /** Of several enrolments under one number the one whose contract covers the day. */
  #enrolment({ studentNumber, performedFrom }: ImportRow): KnownEnrolment | undefined {
    const all = this.#enrolments.get(canonicalNumber(studentNumber)) ?? [];
    return all.find(({ contract }) => covers(contract, performedFrom)) ?? all[0];
  }

  async #context(command: ImportEntry, { cohortId }: KnownEnrolment, reference: EntryContext['reference']): Promise<EntryContext> {
    const { known } = this.parts;
    const context = {
      today: known.today,
      now: known.now,
      reference,
      creditTargets: await known.creditTargets(cohortId, command.activities),
    };
    if (command.to !== 'validated') return context;
    return { ...context, importWindow: await this.#windowOpen(), validator: await this.#validator(command) };
  }

  async #validator({
    validatorId,
    traineeId,
    performedFrom: from,
    performedTo: to,
  }: ImportEntry): Promise<NonNullable<EntryContext['validator']>> {
    if (validatorId === null) return { assigned: false, director: false };
    const { assignments, runtime } = this.parts;
    const assigned = this.#assigned.get(validatorId) ?? (await assignments.ofTutor(validatorId));
    this.#assigned.set(validatorId, assigned);
    this.#directors ??= await runtime.collection(directors).find({ where: { schoolId: this.scope.schoolId } });
    const { today } = this.parts.known;
    return {
      assigned: assigned.some((one) => one.traineeId === traineeId && overlaps(one, { from, to })),
      director: this.#directors.some((one) => one.personId === validatorId && covers(one, today)),
    };
  }

  async #windowOpen(): Promise<boolean> {
    const { known } = this.parts;
    this.#window ??= ((await known.school(this.scope.schoolId))?.windows ?? []).some((one) => covers(one, known.today));
    return this.#window;
  }

  #person(text: string): string | null {
    const known = this.#people.get(text);
    if (known !== undefined) return known;
    const found = this.parts.directory.byMailOrNumber(text) ?? null;
    this.#people.set(text, found);
    return found;
  }

  /** By id or by name, in the school's network. */
  async #unit(text: string, network: ReadonlySet<string>): Promise<string | undefined> {
    if (network.has(text.toLowerCase())) return text.toLowerCase();
    this.#units ??= new Map(
      (await this.parts.runtime.collection(units).find({ where: { id: { in: [...network] } } })).map(({ unitId, name }) => [
        plain(name),
        unitId,
      ]),
    );
    return this.#units.get(plain(text));
  }
}

/** Of a row that is refused the id is kept only where it is one: the line says which row it was. */
const idToShow = (cell = ''): string => (CODE_TEXT.test(cell.trim()) ? cell.trim().slice(0, 120) : '');

/** What a row came to: `events` are those that it gives. */
export function fateOf({ line, externalId, command, context }: Judged, events: readonly EntryEvent[]): Fate {
  const { entryId, to } = command;
  const base = { line, externalId, column: null, code: null, detail: null, entryId };
  if (events.length === 0) return { ...base, fate: 'already-there' };
  const amends = !events.some(({ type }) => type === 'EntryRecorded');
  const missing = context.reference
    ? unclassified(command, context.reference).map((axis) => AXIS_COLUMNS[axis as keyof typeof AXIS_COLUMNS])
    : [];
  const detail = missing.length > 0 ? `classification-missing: ${missing.join(', ')}` : null;
  if (to === 'validated' && !events.some(({ type }) => type === 'EntryValidated'))
    return {
      ...base,
      fate: amends ? 'amends-draft' : 'new-as-submitted',
      column: 'validator',
      code: whyNotCertified(command, context) ?? null,
      detail,
    };
  return {
    ...base,
    fate: amends ? 'amends-draft' : 'new',
    column: missing[0] ?? null,
    code: missing.length > 0 ? 'classification-missing' : null,
    detail: missing.length > 0 ? missing.join(', ') : null,
  };
}

/** A refusal of the decider as the fate of its row. */
export function refusedBy({ line, externalId }: Pick<Judged, 'line' | 'externalId'>, { code, details }: Refusal): Fate {
  const { field, kind, today, from, to, most, activity, targets, state } = details;
  const said =
    kind ??
    activity ??
    most ??
    today ??
    state ??
    (Array.isArray(targets) ? targets.join(' | ') : from === undefined ? undefined : `${String(from)} - ${String(to ?? '')}`);
  const detail = said === undefined || (said === activity && !CODE.test(String(activity))) ? null : String(said);
  return refused({ line, externalId }, new RowProblem(columnOfField(field), code, detail));
}

const refused = ({ line, externalId }: Pick<Judged, 'line' | 'externalId'>, { column, code, detail }: RowProblem): Fate => ({
  line,
  externalId,
  fate: 'refused',
  column,
  code,
  detail,
  entryId: null,
});

type Named = { readonly key: string; readonly name: { readonly it: string; readonly en: string } };
/** A level or role by its key or by its name in either language; what is neither stays, and is refused by the content rules. */
const keyNamed = (scale: readonly Named[], text: string): string =>
  scale.find(({ key, name }) => [key, name.it, name.en].some((one) => plain(one) === plain(text)))?.key ?? text;

const plain = (text: string): string => text.trim().toLowerCase().replace(/\s+/g, ' ');
