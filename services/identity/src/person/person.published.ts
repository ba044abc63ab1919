import { identityEvents } from '@ateneo/contracts';
import { publishing, told } from '@ateneo/event-sourcing';
import { person } from './person.decider.js';

/** Ids and roles only: names are asked of identity, never published. */
export const publishPerson = publishing(person, {
  PersonRegistered: ({ data: { personId } }) => told(identityEvents.personRegistered, { personId }),
  PersonDetailsChanged: ({ data: { personId } }) => told(identityEvents.personDetailsChanged, { personId }),
  LanguageChosen: null,
  ProfileGranted: ({ data: { personId, profileId, role, schoolId, from, to } }) =>
    told(identityEvents.profileGranted, { personId, profileId, role, schoolId, from, to }),
  ProfileEnded: ({ data: { personId, profileId, to } }) => told(identityEvents.profileEnded, { personId, profileId, to }),
  PersonErased: ({ data: { personId } }) => told(identityEvents.personErased, { personId }),
  ServiceForgot: null,
  PersonForgotten: ({ data: { personId, services } }) => told(identityEvents.personForgotten, { personId, services }),
});
