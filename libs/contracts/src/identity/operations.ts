import { z } from 'zod';
import { NAME_HOLDERS } from '../consumption.generated.js';
import { operation, ROLES } from '../contract.js';
import {
  accepted,
  after,
  askedText,
  code,
  day,
  freshness,
  id,
  locale,
  officeText,
  page,
  personalText,
  positionToken,
  protocol,
  secretText,
} from '../values.js';
import { profile_ as profile } from './events.js';

const ids = {
  person: '0198c0de-0000-7000-8000-000000000001',
  profile: '0198c0de-0000-7000-8000-00000000000a',
  school: '0198c0de-0000-7000-8000-000000000010',
};
const administrator = { anyOf: [{ roles: ['administrator'], relation: 'tenant' }] } as const;
const gateway = { relation: 'service', callers: ['api-gateway'] } as const;

export const personDetails = z.object({
  givenName: personalText(80),
  familyName: personalText(80),
  email: z.email().max(200),
  staffNumber: personalText(40).nullable().default(null),
  locale: locale.default('it'),
});
export type PersonDetails = z.output<typeof personDetails>;
export const personView = personDetails.extend({
  /** `[erased]` once the person is */ email: z.string().max(200),
  personId: id,
  profiles: z.array(profile),
  erased: z.boolean(),
});

export const showMe = operation({
  name: 'identity.show-me',
  kind: 'query',
  summary: 'The signed-in person: name, language, profiles',
  http: { method: 'GET', path: '/me' },
  permission: { anyOf: [{ roles: ROLES, relation: 'self' }] },
  input: z.object({ ...after }),
  output: personView.extend({ ...freshness }),
  refusals: { 'person-not-found': 404 },
  readsAfter: ['identity'],
  example: {},
});
export const changeMyLanguage = operation({
  name: 'identity.change-my-language',
  kind: 'command',
  summary: 'Italian or English for the signed-in person',
  http: { method: 'PUT', path: '/me/language' },
  permission: { anyOf: [{ roles: ROLES, relation: 'self' }] },
  input: z.object({ locale }),
  output: accepted,
  refusals: { 'person-not-found': 404 },
  example: { locale: 'en' },
});
export const listDemoPeople = operation({
  name: 'identity.list-demo-people',
  kind: 'query',
  summary: 'The demo people that anyone may sign in as, grouped by role; empty outside the demo',
  http: { method: 'GET', path: '/demo-people' },
  permission: { relation: 'public' },
  input: z.object({}),
  output: z.object({
    people: z.array(
      z.object({
        personId: id,
        username: z.string(),
        name: z.string(),
        role: z.enum(ROLES),
        note: z.object({ it: z.string(), en: z.string() }),
      }),
    ),
  }),
  refusals: {},
  example: {},
});
export const registerPerson = operation({
  name: 'identity.register-person',
  kind: 'command',
  summary: 'Registers a person; the e-mail is the user name',
  http: { method: 'POST', path: '/people' },
  permission: administrator,
  input: personDetails.extend({ personId: id, username: z.string().regex(/^[a-z0-9][a-z0-9._-]{2,60}$/, 'username') }),
  output: accepted,
  refusals: { 'id-already-used': 409, 'username-taken': 409 },
  example: {
    personId: ids.person,
    username: 'giulia.bianchi',
    givenName: 'Giulia',
    familyName: 'Bianchi',
    email: 'giulia.bianchi@ateneo.example',
  },
});
export const changePersonDetails = operation({
  name: 'identity.change-person-details',
  kind: 'command',
  summary: 'Corrects name or contacts of a person',
  http: { method: 'PUT', path: '/people/{personId}' },
  permission: administrator,
  input: personDetails.extend({ personId: id }),
  output: accepted,
  refusals: { 'person-not-found': 404, 'person-erased': 409 },
  example: { personId: ids.person, givenName: 'Giulia', familyName: 'Bianchi', email: 'giulia.bianchi@ateneo.example' },
});
export const grantProfile = operation({
  name: 'identity.grant-profile',
  kind: 'command',
  summary: 'Gives a person a role in a school, or in the whole university (`schoolId` null), for a period',
  http: { method: 'POST', path: '/people/{personId}/profiles' },
  permission: administrator,
  input: profile.extend({ personId: id, to: day.nullable().default(null) }),
  output: accepted,
  refusals: {
    'person-not-found': 404,
    'person-erased': 409,
    'period-reversed': 422,
    'school-required': 422,
    'school-not-allowed': 422,
    'id-already-used': 409,
  },
  example: { personId: ids.person, profileId: ids.profile, role: 'tutor', schoolId: ids.school, from: '2026-11-01' },
});
export const endProfile = operation({
  name: 'identity.end-profile',
  kind: 'command',
  summary: 'Ends a profile; `to` is its last day',
  http: { method: 'POST', path: '/people/{personId}/profiles/{profileId}/end' },
  permission: administrator,
  input: z.object({ personId: id, profileId: id, to: day }),
  output: accepted,
  refusals: { 'person-not-found': 404, 'profile-not-found': 404, 'period-reversed': 422 },
  example: { personId: ids.person, profileId: ids.profile, to: '2027-10-31' },
});
export const erasePerson = operation({
  name: 'identity.erase-person',
  kind: 'command',
  summary: 'Destroys the key of a person: names and free text can never be read again; figures stay (GDPR art. 17)',
  http: { method: 'POST', path: '/people/{personId}/erasure' },
  permission: administrator,
  input: z.object({ personId: id, protocol }),
  output: accepted,
  refusals: { 'person-not-found': 404 },
  example: { personId: ids.person, protocol: '0000123/2026' },
});
export const listPeople = operation({
  name: 'identity.list-people',
  kind: 'query',
  summary: 'People by name or role',
  http: { method: 'GET', path: '/people' },
  permission: administrator,
  input: z.object({ search: askedText(100).optional(), role: z.enum(ROLES).optional(), ...page, ...after }),
  output: z.object({ total: z.number().int(), people: z.array(personView), ...freshness }),
  refusals: {},
  readsAfter: ['identity'],
  example: { search: 'bianchi' },
});
export const inviteToSignIn = operation({
  name: 'identity.invite-to-sign-in',
  kind: 'command',
  summary: 'Makes a 30-minute link with which the person sets a password; shown once',
  http: { method: 'POST', path: '/people/{personId}/invitation' },
  permission: administrator,
  input: z.object({ personId: id }),
  output: z.object({ link: z.string(), validMinutes: z.number().int() }),
  refusals: { 'person-not-found': 404, 'person-erased': 409 },
  example: { personId: ids.person },
});
export const setPassword = operation({
  name: 'identity.set-password',
  kind: 'command',
  summary: 'Sets the password with the secret of an invitation link',
  http: { method: 'POST', path: '/passwords' },
  permission: { relation: 'public' },
  limit: 'password',
  input: z.object({ secret: secretText(200), password: secretText(200, 10) }),
  output: accepted.extend({ username: z.string() }),
  refusals: { 'invitation-not-valid': 422 },
  example: { secret: 'from-the-link', password: 'una frase lunga e mia' },
});
export const createServiceAccount = operation({
  name: 'identity.create-service-account',
  kind: 'command',
  summary: 'A staff tool with client credentials; the secret is shown once',
  http: { method: 'POST', path: '/service-accounts' },
  permission: administrator,
  input: z.object({ accountId: id, name: officeText(80), schoolId: id.nullable().default(null) }),
  output: z.object({ clientId: z.string(), clientSecret: z.string() }),
  refusals: { 'id-already-used': 409 },
  example: { accountId: ids.person, name: 'Data warehouse' },
});
export const revokeServiceAccount = operation({
  name: 'identity.revoke-service-account',
  kind: 'command',
  summary: 'Ends a service account at once',
  http: { method: 'DELETE', path: '/service-accounts/{accountId}' },
  permission: administrator,
  input: z.object({ accountId: id }),
  output: accepted,
  refusals: { 'account-not-found': 404 },
  example: { accountId: ids.person },
});

/** Who acts: built by the gateway from a verified token or session. */
export const actor = z.object({
  id: z.string(),
  kind: z.enum(['person', 'service-account']),
  profiles: z.array(profile),
  locale,
  name: z.string().optional(),
});
export type Actor = z.output<typeof actor>;

export const findActor = operation({
  name: 'identity.find-actor',
  kind: 'query',
  summary: 'Profiles of a person or service account, for the gateway',
  permission: gateway,
  input: z.object({ subject: askedText(200) }),
  output: z.object({
    actor: actor.nullable(),
    /** how many times the person's password has changed: what signed in before the last change is over */
    signIns: z.number().int().min(0).optional(),
  }),
  refusals: {},
  example: { subject: ids.person },
});
export const checkPassword = operation({
  name: 'identity.check-password',
  kind: 'query',
  summary: 'Does this password belong to this user name? For the identity provider',
  permission: gateway,
  input: z.object({ username: askedText(200), password: secretText(200, 0) }),
  output: z.object({ personId: id.nullable() }),
  refusals: {},
  example: { username: 'giulia.bianchi', password: 'x' },
});
export const findClient = operation({
  name: 'identity.find-client',
  kind: 'query',
  summary: 'Is there a service account of this client id? For the identity provider',
  permission: gateway,
  input: z.object({ clientId: askedText(200) }),
  output: z.object({ account: z.object({ accountId: id, name: z.string() }).nullable() }),
  refusals: {},
  example: { clientId: 'tool' },
});
export const checkClientSecret = operation({
  name: 'identity.check-client-secret',
  kind: 'query',
  summary: 'Does this secret belong to this service account? For the identity provider',
  permission: gateway,
  input: z.object({ clientId: askedText(200), clientSecret: secretText(200, 0) }),
  output: z.object({ right: z.boolean() }),
  refusals: {},
  example: { clientId: 'tool', clientSecret: 'x' },
});
const nameHolders = { relation: 'service', callers: NAME_HOLDERS } as const;
export const names = operation({
  name: 'identity.names',
  kind: 'query',
  summary: 'Names and addresses of people for the encrypted directories of other services; null = erased or unknown',
  permission: nameHolders,
  input: z.object({ personIds: z.array(id).max(500) }),
  output: z.object({
    people: z.record(
      z.string(),
      z.object({ givenName: z.string(), familyName: z.string(), email: z.string(), staffNumber: z.string().nullable() }).nullable(),
    ),
    token: positionToken.optional(),
  }),
  refusals: {},
  example: { personIds: [ids.person] },
});
export const confirmForgotten = operation({
  name: 'identity.confirm-forgotten',
  kind: 'command',
  summary: 'A service has destroyed its key of an erased person and dropped the name; the erasure is complete when all have said so',
  permission: nameHolders,
  input: z.object({ personId: id, service: code(40) }),
  output: accepted,
  refusals: { 'person-not-found': 404, 'person-not-erased': 409 },
  example: { personId: ids.person, service: 'logbook' },
});
