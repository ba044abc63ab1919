import type { StoredEvent } from '@ateneo/event-sourcing';
import type { Published } from '@ateneo/messaging';
import type { UniversityEvent } from './university.decider.js';

/** Public events of the university. */
export function universityPublished({ type, data }: StoredEvent): Published {
  switch (type as UniversityEvent['type']) {
    case 'UniversityRegistered':
      return { type: 'school-network.university-registered.v1', data };
    case 'AutonomyScaleDefined':
      return { type: 'school-network.autonomy-scale-defined.v1', data };
  }
}
