import { schoolNetworkEvents } from '@ateneo/contracts';
import { publishing, toldAsStored } from '@ateneo/event-sourcing';
import { university } from './university.decider.js';

/** Public events of the university. */
export const universityPublished = publishing(university, {
  UniversityRegistered: toldAsStored(schoolNetworkEvents.universityRegistered),
  AutonomyScaleDefined: toldAsStored(schoolNetworkEvents.autonomyScaleDefined),
});
