import { z } from 'zod';
import { publicEvent, ROLES } from '../contract.js';
import { day, id } from '../values.js';

const person = '0198c0de-0000-7000-8000-000000000001';
const profile = '0198c0de-0000-7000-8000-00000000000a';

/** `schoolId` null = the whole university. */
export const profile_ = z.object({ profileId: id, role: z.enum(ROLES), schoolId: id.nullable(), from: day, to: day.nullable() });

export const personRegistered = publicEvent({
  type: 'identity.person-registered.v1',
  summary: 'A person is known to the university; names are asked of identity, never published',
  person: 'named',
  data: z.object({ personId: id }),
  example: { personId: person },
});
export const personDetailsChanged = publicEvent({
  type: 'identity.person-details-changed.v1',
  summary: 'Name or contacts of a person changed',
  person: 'named',
  data: z.object({ personId: id }),
  example: { personId: person },
});
export const profileGranted = publicEvent({
  type: 'identity.profile-granted.v1',
  summary: 'A person holds a role, in a school or in the whole university, for a period',
  data: profile_.extend({ personId: id }),
  example: { personId: person, profileId: profile, role: 'tutor', schoolId: null, from: '2026-11-01', to: null },
});
export const profileEnded = publicEvent({
  type: 'identity.profile-ended.v1',
  summary: 'A role ends: `to` is its last day',
  data: z.object({ personId: id, profileId: id, to: day }),
  example: { personId: person, profileId: profile, to: '2027-10-31' },
});
export const personErased = publicEvent({
  type: 'identity.person-erased.v1',
  summary: 'Names and free text about the person are to be destroyed everywhere; figures stay',
  person: 'erased',
  data: z.object({ personId: id }),
  example: { personId: person },
});
/** Each service answers a `person-erased` when its key is gone and every live instance has dropped name and cached key. */
export const personForgotten = publicEvent({
  type: 'identity.person-forgotten.v1',
  summary: 'Every service has answered: the erasure is complete',
  data: z.object({ personId: id, services: z.array(z.string()) }),
  example: { personId: person, services: ['identity', 'logbook'] },
});
