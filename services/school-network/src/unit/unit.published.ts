import type { StoredEvent } from '@ateneo/event-sourcing';
import type { Published } from '@ateneo/messaging';

/** A unit in the master list is public as it is stored. */
export const unitPublished = ({ data }: StoredEvent): Published => ({ type: 'school-network.unit-registered.v1', data });
