import { schoolNetworkEvents } from '@ateneo/contracts';
import { publishing, toldAsStored } from '@ateneo/event-sourcing';
import { school } from './school.decider.js';

/** All that happens to a school is public. */
export const schoolPublished = publishing(school, {
  SchoolOpened: toldAsStored(schoolNetworkEvents.schoolOpened),
  UnitAddedToNetwork: toldAsStored(schoolNetworkEvents.unitAddedToNetwork),
  UnitRemovedFromNetwork: toldAsStored(schoolNetworkEvents.unitRemovedFromNetwork),
  ActivityAdded: toldAsStored(schoolNetworkEvents.activityAdded),
  ImportWindowOpened: toldAsStored(schoolNetworkEvents.importWindowOpened),
  ImportWindowClosed: toldAsStored(schoolNetworkEvents.importWindowClosed),
});
