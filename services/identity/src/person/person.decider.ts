import { type Decider, reject } from '@ateneo/event-sourcing';
import { PROTOCOL, type Role } from '@ateneo/contracts';

export type Details = {
  readonly givenName: string;
  readonly familyName: string;
  readonly email: string;
  readonly staffNumber: string | null;
};
export type Locale = 'it' | 'en';
export type Profile = {
  readonly profileId: string;
  readonly role: Role;
  readonly schoolId: string | null;
  readonly from: string;
  readonly to: string | null;
};

export type PersonCommand =
  | ({ readonly type: 'RegisterPerson'; readonly personId: string; readonly username: string; readonly locale: Locale } & Details)
  | ({ readonly type: 'ChangePersonDetails'; readonly locale: Locale } & Details)
  | { readonly type: 'ChooseLanguage'; readonly locale: Locale }
  | ({ readonly type: 'GrantProfile' } & Profile)
  | { readonly type: 'EndProfile'; readonly profileId: string; readonly to: string }
  /** `protocol`: the number of the act, null where the register of erasures asks */
  | { readonly type: 'ErasePerson'; readonly protocol: string | null }
  /** A service has destroyed its key and dropped the names; `awaited` = all that must. */
  | { readonly type: 'ConfirmForgotten'; readonly service: string; readonly awaited: readonly string[] };

export type PersonEvent =
  // the stored format: add, never rename or remove
  | ({ readonly type: 'PersonRegistered'; readonly personId: string; readonly username: string; readonly locale: Locale } & Details)
  | ({ readonly type: 'PersonDetailsChanged'; readonly personId: string } & Details)
  | { readonly type: 'LanguageChosen'; readonly locale: Locale }
  | ({ readonly type: 'ProfileGranted'; readonly personId: string } & Profile)
  | { readonly type: 'ProfileEnded'; readonly personId: string; readonly profileId: string; readonly to: string }
  | { readonly type: 'PersonErased'; readonly personId: string; readonly protocol: string | null }
  | { readonly type: 'ServiceForgot'; readonly service: string }
  | { readonly type: 'PersonForgotten'; readonly personId: string; readonly services: readonly string[] };

type Registered = {
  readonly personId: string;
  readonly username: string;
  readonly details: Details;
  readonly locale: Locale;
  readonly profiles: readonly Profile[];
};
export type Person =
  | { readonly is: 'absent' }
  | ({ readonly is: 'known' } & Registered)
  | ({ readonly is: 'erased'; readonly forgottenBy: readonly string[]; readonly complete: boolean } & Registered);

/** Held for the whole university, for one school, or (integration) for either. */
const WHOLE: readonly Role[] = ['university-secretariat', 'administrator'];
const EITHER: readonly Role[] = ['integration'];

type Answer = ReturnType<Decider<Person, PersonCommand, PersonEvent>['decide']>;
const names = ['username', 'givenName', 'familyName', 'email', 'staffNumber'] as const;

/** Until version 2 the act was what somebody had typed, perhaps a name: of that only a protocol number is read. */
function withoutTypedAct({ act, ...data }: Record<string, unknown>): Record<string, unknown> {
  return { ...data, protocol: typeof act === 'string' && PROTOCOL.test(act) ? act : null };
}

/** A person of the university with the roles held, where and when (residency.md C); erased by destroying the key of the names (residency.md C1.8). */
export const person: Decider<Person, PersonCommand, PersonEvent> = {
  category: 'identityPerson',
  initial: { is: 'absent' },
  personal: {
    PersonRegistered: { person: 'personId', fields: names },
    PersonDetailsChanged: { person: 'personId', fields: names.slice(1) as ('email' | 'givenName' | 'familyName' | 'staffNumber')[] },
  },
  versions: { PersonErased: 2 },
  upcasters: [{ type: 'PersonErased', from: 1, up: withoutTypedAct }],
  scope: () => ({}),
  decide(command, state) {
    if (command.type === 'RegisterPerson') return register(command, state);
    if (state.is === 'absent') return reject('person-not-found');
    switch (command.type) {
      case 'ConfirmForgotten':
        return confirm(command, state);
      case 'ErasePerson':
        return state.is === 'erased' ? [] : [{ type: 'PersonErased', personId: state.personId, protocol: command.protocol }];
      case 'EndProfile':
        return end(command, state);
      case 'ChangePersonDetails':
        return state.is === 'erased' ? reject('person-erased') : change(command, state);
      case 'ChooseLanguage':
        if (state.is === 'erased') return reject('person-not-found');
        return command.locale === state.locale ? [] : [{ type: 'LanguageChosen', locale: command.locale }];
      case 'GrantProfile':
        return state.is === 'erased' ? reject('person-erased') : grant(command, state);
    }
  },
  evolve(state, event) {
    if (event.type === 'PersonRegistered') {
      const { personId, username, locale, givenName, familyName, email, staffNumber } = event;
      return { is: 'known', personId, username, locale, details: { givenName, familyName, email, staffNumber }, profiles: [] };
    }
    if (state.is === 'absent') return state;
    switch (event.type) {
      case 'PersonDetailsChanged':
        return {
          ...state,
          details: { givenName: event.givenName, familyName: event.familyName, email: event.email, staffNumber: event.staffNumber },
        };
      case 'LanguageChosen':
        return { ...state, locale: event.locale };
      case 'ProfileGranted':
        return {
          ...state,
          profiles: [
            ...state.profiles,
            { profileId: event.profileId, role: event.role, schoolId: event.schoolId, from: event.from, to: event.to },
          ],
        };
      case 'ProfileEnded':
        return {
          ...state,
          profiles: state.profiles.map((profile) => (profile.profileId === event.profileId ? { ...profile, to: event.to } : profile)),
        };
      case 'PersonErased':
        return { ...state, is: 'erased', forgottenBy: [], complete: false };
      case 'ServiceForgot':
        return state.is === 'erased' ? { ...state, forgottenBy: [...state.forgottenBy, event.service] } : state;
      case 'PersonForgotten':
        return state.is === 'erased' ? { ...state, complete: true } : state;
    }
  },
};

const same = (a: Details, b: Details): boolean =>
  a.givenName === b.givenName && a.familyName === b.familyName && a.email === b.email && a.staffNumber === b.staffNumber;

function register({ type: _, ...facts }: Extract<PersonCommand, { type: 'RegisterPerson' }>, state: Person): Answer {
  if (state.is === 'absent') return [{ type: 'PersonRegistered', ...facts }];
  return state.is === 'known' && state.username === facts.username && same(state.details, facts) ? [] : reject('id-already-used');
}

function change(
  { locale, givenName, familyName, email, staffNumber }: Extract<PersonCommand, { type: 'ChangePersonDetails' }>,
  state: Extract<Person, { is: 'known' }>,
): Answer {
  const details = { givenName, familyName, email, staffNumber };
  return [
    ...(same(details, state.details) ? [] : [{ type: 'PersonDetailsChanged' as const, personId: state.personId, ...details }]),
    ...(locale === state.locale ? [] : [{ type: 'LanguageChosen' as const, locale }]),
  ];
}

function grant({ type: _, ...profile }: Extract<PersonCommand, { type: 'GrantProfile' }>, state: Extract<Person, { is: 'known' }>): Answer {
  const held = state.profiles.find(({ profileId }) => profileId === profile.profileId);
  if (held)
    return held.role === profile.role && held.schoolId === profile.schoolId && held.from === profile.from ? [] : reject('id-already-used');
  if (profile.to !== null && profile.to < profile.from) return reject('period-reversed');
  if (profile.schoolId !== null && WHOLE.includes(profile.role)) return reject('school-not-allowed');
  if (profile.schoolId === null && !WHOLE.includes(profile.role) && !EITHER.includes(profile.role)) return reject('school-required');
  return [{ type: 'ProfileGranted', personId: state.personId, ...profile }];
}

function end({ profileId, to }: Extract<PersonCommand, { type: 'EndProfile' }>, state: Exclude<Person, { is: 'absent' }>): Answer {
  const held = state.profiles.find((profile) => profile.profileId === profileId);
  if (!held) return reject('profile-not-found');
  if (to < held.from) return reject('period-reversed');
  return held.to === to ? [] : [{ type: 'ProfileEnded', personId: state.personId, profileId, to }];
}

function confirm(
  { service, awaited }: Extract<PersonCommand, { type: 'ConfirmForgotten' }>,
  state: Exclude<Person, { is: 'absent' }>,
): Answer {
  if (state.is !== 'erased') return reject('person-not-erased');
  if (state.forgottenBy.includes(service)) return [];
  const services = [...state.forgottenBy, service];
  const all = !state.complete && awaited.every((one) => services.includes(one));
  return [
    { type: 'ServiceForgot', service },
    ...(all ? [{ type: 'PersonForgotten' as const, personId: state.personId, services: [...services].sort() }] : []),
  ];
}

/** The profiles in effect on a day; an erased person has none. */
export const profilesOn = (state: Person, day: string): Profile[] =>
  state.is === 'known' ? state.profiles.filter(({ from, to }) => from <= day && (to === null || to >= day)) : [];
