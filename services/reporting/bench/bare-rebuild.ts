import { DatabaseSync } from 'node:sqlite';
import { dayNumber } from '@ateneo/calendar';
import type { logbookEvents } from '@ateneo/contracts';
import type { CompiledSet, Hit } from '../src/counting/compiled-set.rules.js';
import { stretchAt, stretchesOf, windowMasks, type Reference } from '../src/counting/facts.rules.js';
import { NOT_STATED, shapeOf } from '../src/counting/shape.rules.js';
import type { Ledger } from '../src/ledger/ledger.rules.js';

type EntryFacts = logbookEvents.EntryFacts;
/** By enrolment, requirement and level: quantity as draft, submitted and validated. */
export type Rows = Map<string, Map<string, Record<string, [number, number, number]>>>;
type Claim = EntryFacts & { entryId: string; enrolmentId: string };
type Entry = { claim: Claim; stands: { requirements: string[]; level: string; state: 0 | 1 | 2 } };
type Publicised = {
  type: string;
  data: Claim & { certified: { autonomy: string | null; classified: EntryFacts['classified'] }; creditedTo: string | null };
};
const PAGE_BYTES = 480 * 1024;

/** Where what is claimed or certified leads: by the same links and rules as the product's. */
class Links {
  private readonly references = new Map<string, { reference: Reference; stretches: number[]; masks: Map<CompiledSet, number[]> }>();
  constructor(private readonly ledger: Ledger) {}

  requirements(claim: Claim, autonomy: string | null, classified: EntryFacts['classified'], creditedTo: string | null): string[] {
    const { reference, stretches, masks } = this.of(claim.enrolmentId);
    const shape = shapeOf({
      activities: claim.activities,
      classified,
      autonomy,
      simulated: claim.simulated,
      period: claim.period,
      creditedTo,
    });
    const at = stretches.length === 0 ? 0 : stretchAt(stretches, dayNumber(claim.performedFrom));
    return reference.sets.flatMap((set) =>
      set.route(shape, masks.get(set)?.[at] ?? 0).hits.map((hit: Hit) => set.requirements[hit.requirement]?.requirement.id ?? ''),
    );
  }

  private of(enrolmentId: string) {
    let known = this.references.get(enrolmentId);
    if (known) return known;
    const reference = this.ledger.enrolments.get(enrolmentId)?.referenceIn(this.ledger.network) as Reference;
    const stretches = stretchesOf(reference);
    known = { reference, stretches, masks: new Map(reference.sets.map((set) => [set, windowMasks(set, reference, stretches)])) };
    this.references.set(enrolmentId, known);
    return known;
  }
}

class NestedMaps {
  readonly rows: Rows = new Map();
  private readonly entries = new Map<string, Entry>();
  constructor(private readonly links: Links) {}

  fold({ type, data }: Publicised): void {
    if (type === 'logbook.entry-recorded.v1') {
      const stands = {
        requirements: this.links.requirements(data, data.autonomy, data.classified, null),
        level: data.autonomy ?? NOT_STATED,
        state: 0 as const,
      };
      this.entries.set(data.entryId, { claim: data, stands });
      return this.add(data, stands, 1);
    }
    const entry = this.entries.get(data.entryId) as Entry;
    this.add(entry.claim, entry.stands, -1);
    if (type === 'logbook.entry-validated.v1') {
      const { autonomy, classified } = data.certified;
      entry.stands = {
        requirements: this.links.requirements(entry.claim, autonomy, classified, data.creditedTo),
        level: autonomy ?? NOT_STATED,
        state: 2,
      };
    } else entry.stands = { ...entry.stands, state: type === 'logbook.entry-submitted.v1' ? 1 : 0 };
    this.add(entry.claim, entry.stands, 1);
  }

  private add({ enrolmentId, quantity }: Claim, { requirements, level, state }: Entry['stands'], sign: number): void {
    let ofTrainee = this.rows.get(enrolmentId);
    if (!ofTrainee) this.rows.set(enrolmentId, (ofTrainee = new Map()));
    for (const requirement of requirements) {
      let levels = ofTrainee.get(requirement);
      if (!levels) ofTrainee.set(requirement, (levels = {}));
      const sums = (levels[level] ??= [0, 0, 0]);
      sums[state] += sign * quantity;
    }
  }
}

type Row = { position: number; stream: string; id: string; type: string; at: number; data: string; meta: string };
const publicised = ({ position, stream, id, type, at, data, meta }: Row): object => {
  const { actor, scope } = JSON.parse(meta) as { actor: { id: string }; scope: { schoolId: string; traineeId: string } };
  return {
    specversion: '1.0',
    id,
    source: 'http://localhost/logbook',
    type,
    subject: stream,
    time: new Date(at).toISOString(),
    datacontenttype: 'application/json',
    schoolid: scope.schoolId,
    traineeid: scope.traineeId,
    partition: 0,
    position,
    service: 'logbook',
    epoch: 'bare',
    mappingversion: 1,
    actorid: actor.id,
    data: JSON.parse(data) as object,
  };
};
const write = (rows: Rows, file: string): void => {
  const db = new DatabaseSync(file);
  db.exec(
    'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE counters (enrolment TEXT, requirement TEXT, level TEXT, draft INTEGER, submitted INTEGER, validated INTEGER, PRIMARY KEY (enrolment, requirement, level)) WITHOUT ROWID; BEGIN',
  );
  const insert = db.prepare('INSERT INTO counters VALUES (?, ?, ?, ?, ?, ?)');
  for (const [enrolment, requirements] of rows)
    for (const [requirement, levels] of requirements)
      for (const [level, sums] of Object.entries(levels)) insert.run(enrolment, requirement, level, ...sums);
  db.exec('COMMIT');
  db.close();
};

/** Reads rows, parses, maps, writes pages, parses them, folds in nested maps and writes once: nothing else. */
export function bareRebuild(events: string, target: string, ledger: Ledger): Rows {
  const maps = new NestedMaps(new Links(ledger));
  const db = new DatabaseSync(events, { readOnly: true });
  const turn = (page: string[]) => {
    for (const event of JSON.parse(`[${page.join(',')}]`) as Publicised[]) maps.fold(event);
  };
  let [page, bytes] = [[] as string[], 0];
  for (const row of db
    .prepare(
      'SELECT e.position, s.name AS stream, hex(e.id) AS id, e.type, e.at, e.data, e.meta FROM events e JOIN streams s ON s.id = e.stream_id ORDER BY e.position',
    )
    .iterate() as Iterable<Row>) {
    const text = JSON.stringify(publicised(row));
    if (bytes + text.length > PAGE_BYTES) {
      turn(page);
      [page, bytes] = [[], 0];
    }
    page.push(text);
    bytes += text.length;
  }
  turn(page);
  db.close();
  write(maps.rows, target);
  return maps.rows;
}
