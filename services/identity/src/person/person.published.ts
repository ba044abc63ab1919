import type { Mapping } from '@ateneo/messaging';
import type { PersonEvent } from './person.decider.js';

/** Ids and roles only: names are asked of identity, never published. */
export const publishPerson: Mapping = ({ type, data }) => {
  const event = { ...data, type } as PersonEvent;
  switch (event.type) {
    case 'PersonRegistered':
      return { type: 'identity.person-registered.v1', data: { personId: event.personId } };
    case 'PersonDetailsChanged':
      return { type: 'identity.person-details-changed.v1', data: { personId: event.personId } };
    case 'ProfileGranted': {
      const { personId, profileId, role, schoolId, from, to } = event;
      return { type: 'identity.profile-granted.v1', data: { personId, profileId, role, schoolId, from, to } };
    }
    case 'ProfileEnded':
      return { type: 'identity.profile-ended.v1', data: { personId: event.personId, profileId: event.profileId, to: event.to } };
    case 'PersonErased':
      return { type: 'identity.person-erased.v1', data: { personId: event.personId } };
    case 'PersonForgotten':
      return { type: 'identity.person-forgotten.v1', data: { personId: event.personId, services: event.services } };
    default:
      return undefined;
  }
};
