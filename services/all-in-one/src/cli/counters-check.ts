import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { type Output, reporting, type RequirementSet } from '@ateneo/contracts';
import { type PublicEvent, requestPage } from '@ateneo/messaging';
import type { Caller, Platform } from '@ateneo/service-kit';
import { recountAll, type RecountedFigure, type RecountedSet } from '@ateneo/workspace/recount';

type Counters = Output<typeof reporting.showCounters>;
type Product = Counters['sets'][number];
export type CountersCheck = { readonly events: number; readonly enrolments: number; readonly differences: readonly string[] };

const READER: Caller = { is: 'actor', actor: { id: randomUUID(), kind: 'service-account', locale: 'en', profiles: [{ profileId: randomUUID(), role: 'integration', schoolId: null, from: '1970-01-01', to: null }] } };
/** Services whose events decide a counter. */
const SOURCES = ['school-network', 'career', 'logbook'];

/** Recounts every enrolment from the public events and compares with what the product answers. */
export async function checkCounters(platform: Platform): Promise<CountersCheck> {
  const events: PublicEvent[] = [];
  for (const service of SOURCES) for await (const event of eventsOf(platform, service)) events.push(event);
  const trainees = new Map(events.filter(({ type }) => type === 'career.trainee-enrolled.v1').map(({ data }) => [(data as { enrolmentId: string }).enrolmentId, (data as { traineeId: string }).traineeId]));
  const sets = new Map(events.filter(({ type }) => type === 'school-network.requirement-set-published.v1').map(({ data }) => [(data as { setId: string }).setId, (data as { set: RequirementSet }).set]));
  const recounted = await recountAll(events, platform.clock.today());
  const differences: string[] = [];
  for (const [enrolmentId, traineeId] of trainees) {
    const answer = await platform.client.call(reporting.showCounters, { traineeId, enrolmentId }, READER);
    const expected = recounted.get(enrolmentId);
    if (!answer.ok) differences.push(`enrolment ${enrolmentId}: the product answers ${answer.problem.status} ${answer.problem.code}`);
    else if (answer.output.incomplete || !expected) differences.push(`enrolment ${enrolmentId}: ${expected ? 'events of it are set aside' : 'unknown to the recount'}`);
    else differences.push(...differencesOf(enrolmentId, answer.output, expected.sets, sets));
  }
  return { events: events.length, enrolments: trainees.size, differences };
}

async function* eventsOf({ bus }: Platform, service: string): AsyncGenerator<PublicEvent> {
  for (let after = 0; ; ) {
    const page = await requestPage(bus, service, after);
    yield* page.events;
    after = page.next;
    if (page.next >= page.head) return;
  }
}

function differencesOf(enrolmentId: string, { sets: answered }: Counters, expected: readonly RecountedSet[], sets: ReadonlyMap<string, RequirementSet>): string[] {
  return expected.flatMap((set) => {
    const own = answered.find(({ setId }) => setId === set.setId);
    const at = `enrolment ${enrolmentId}, ${set.setId}`;
    if (!own) return [`${at}: not in the product's answer`];
    const head = ({ percent, met, missingAttestations, track }: Product | RecountedSet) => ({ percent, met, missingAttestations, track });
    const found = isDeepStrictEqual(head(own), head(set)) ? [] : [`${at}: ${JSON.stringify(head(own))} stands, ${JSON.stringify(head(set))} was recounted`];
    const shown = set.requirements.filter(({ requirementId }) => !isOfAnotherTrack(sets.get(set.setId), requirementId, set.track.chosen));
    return [...found, ...shown.flatMap((requirement) => differenceOf(at, own, requirement))];
  });
}

function differenceOf(at: string, own: Product, expected: RecountedSet['requirements'][number]): string[] {
  const row = own.requirements.find(({ requirementId }) => requirementId === expected.requirementId);
  const plain = (it: Pick<typeof expected, 'applicable' | 'logged' | 'provisional' | 'definitive'> | undefined) => it && { applicable: it.applicable, logged: it.logged, provisional: figure(it.provisional), definitive: figure(it.definitive) };
  return isDeepStrictEqual(plain(row), plain(expected)) ? [] : [`${at}, ${expected.requirementId}: ${JSON.stringify(plain(row))} stands, ${JSON.stringify(plain(expected))} was recounted`];
}

const figure = ({ n, achieved, progress, percent, met, levels, parts }: RecountedFigure) => ({
  ...{ n, achieved, progress, percent, met },
  levels: Object.fromEntries(Object.entries(levels).filter(([, count]) => count > 0).sort(([a], [b]) => (a < b ? -1 : 1))),
  parts: parts.map((part) => ({ key: part.key, n: part.n, minimum: part.minimum, met: part.met })),
});

/** The recount lists what belongs to tracks that were not chosen; the product leaves it out (counting.md 14). */
function isOfAnotherTrack(set: RequirementSet | undefined, requirementId: string, chosen: string | null): boolean {
  const rule = set?.requirements.find(({ id }) => id === requirementId)?.rule;
  return rule?.kind === 'track' && rule.track !== chosen && set?.tracks?.find(({ key }) => key === rule.track)?.mode === 'elective';
}

