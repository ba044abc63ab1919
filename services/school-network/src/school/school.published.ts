import type { StoredEvent } from '@ateneo/event-sourcing';
import type { Published } from '@ateneo/messaging';
import type { SchoolEvent } from './school.decider.js';

const TYPES: Readonly<Record<SchoolEvent['type'], string>> = {
  SchoolOpened: 'school-network.school-opened.v1',
  UnitAddedToNetwork: 'school-network.unit-added-to-network.v1',
  UnitRemovedFromNetwork: 'school-network.unit-removed-from-network.v1',
  ActivityAdded: 'school-network.activity-added.v1',
  ImportWindowOpened: 'school-network.import-window-opened.v1',
  ImportWindowClosed: 'school-network.import-window-closed.v1',
};

/** All that happens to a school is public. */
export const schoolPublished = ({ type, data }: StoredEvent): Published => ({ type: TYPES[type as SchoolEvent['type']], data });
