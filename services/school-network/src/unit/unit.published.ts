import { schoolNetworkEvents } from '@ateneo/contracts';
import { publishing, toldAsStored } from '@ateneo/event-sourcing';
import { unit } from './unit.decider.js';

/** A unit in the master list is public as it is stored. */
export const unitPublished = publishing(unit, { UnitRegistered: toldAsStored(schoolNetworkEvents.unitRegistered) });
