import { randomUUID } from 'node:crypto';
import { careerEvents, reporting, type RequirementSet, schoolNetworkEvents } from '@ateneo/contracts';
import { handlers, on } from '@ateneo/event-sourcing';
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

/** Trainees by enrolment, and published sets. */
type Found = readonly [trainees: Map<string, string>, sets: Map<string, RequirementSet>];
const finds = handlers<PublicEvent, Found, unknown>([
  on(careerEvents.traineeEnrolled, ({ data }, [trainees]) => trainees.set(data.enrolmentId, data.traineeId)),
  on(schoolNetworkEvents.requirementSetPublished, ({ data }, [, sets]) => sets.set(data.setId, data.set)),
]);

/** Recounts every enrolment from the public events and compares with what the product answers. */
export async function checkCounters(platform: Platform): Promise<CountersCheck> {
  const events: PublicEvent[] = [];
  for (const service of SOURCES) for await (const event of eventsOf(platform, service)) events.push(event);
  const [trainees, sets]: Found = [new Map(), new Map()];
  for (const event of events) finds.handle(event, [trainees, sets]);
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
