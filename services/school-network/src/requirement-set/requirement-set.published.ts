import type { StoredEvent } from '@ateneo/event-sourcing';
import type { Published } from '@ateneo/messaging';
import type { SetEvent } from './requirement-set.decider.js';

/** A published set with its activities, whole: consumers count by it. */
export function requirementSetPublished({ data }: StoredEvent): Published {
  const { schoolCode, set, activities } = data as Omit<SetEvent, 'type'>;
  return { type: 'school-network.requirement-set-published.v1', data: { setId: set.id, schoolCode, set, activities } };
}
