import { randomUUID } from 'node:crypto';
import { reporting, type RequirementSet } from '@ateneo/contracts';
import { type PublicEvent, requestPage } from '@ateneo/messaging';
import type { Caller, Platform } from '@ateneo/service-kit';
import { differences as differencesOf } from '@ateneo/workspace/compare';
import { recountAll } from '@ateneo/workspace/recount';

export type CountersCheck = { readonly events: number; readonly enrolments: number; readonly differences: readonly string[] };

const READER: Caller = {
  is: 'actor',
  actor: {
    id: randomUUID(),
    kind: 'service-account',
    locale: 'en',
    profiles: [{ profileId: randomUUID(), role: 'integration', schoolId: null, from: '1970-01-01', to: null }],
  },
};
/** Services whose events decide a counter. */
const SOURCES = ['school-network', 'career', 'logbook'];

/** Recounts every enrolment from the public events and compares with what the product answers. */
export async function checkCounters(platform: Platform): Promise<CountersCheck> {
  const events: PublicEvent[] = [];
  for (const service of SOURCES) for await (const event of eventsOf(platform, service)) events.push(event);
  const trainees = new Map(
    events
      .filter(({ type }) => type === 'career.trainee-enrolled.v1')
      .map(({ data }) => [(data as { enrolmentId: string }).enrolmentId, (data as { traineeId: string }).traineeId]),
  );
  const sets = new Map(
    events
      .filter(({ type }) => type === 'school-network.requirement-set-published.v1')
      .map(({ data }) => [(data as { setId: string }).setId, (data as { set: RequirementSet }).set]),
  );
  const recounted = await recountAll(events, platform.clock.today());
  const differences: string[] = [];
  for (const [enrolmentId, traineeId] of trainees) {
    const answer = await platform.client.call(reporting.showCounters, { traineeId, enrolmentId }, READER);
    const expected = recounted.get(enrolmentId);
    if (!answer.ok) differences.push(`enrolment ${enrolmentId}: the product answers ${answer.problem.status} ${answer.problem.code}`);
    else if (answer.output.incomplete || !expected)
      differences.push(`enrolment ${enrolmentId}: ${expected ? 'events of it are set aside' : 'unknown to the recount'}`);
    else differences.push(...differencesOf(`enrolment ${enrolmentId}`, answer.output.sets, expected.sets, sets));
  }
  return { events: events.length, enrolments: trainees.size, differences };
}

async function* eventsOf({ bus }: Platform, service: string): AsyncGenerator<PublicEvent> {
  for (let after = 0; ;) {
    const page = await requestPage(bus, service, after);
    yield* page.events;
    after = page.next;
    if (page.next >= page.head) return;
  }
}
