import type { Person } from '../person/person.decider.js';

/** An account of the realm as Keycloak's administration shows it; fields that Ateneo does not keep are carried along. */
export type RealmUser = {
  readonly id: string;
  readonly username: string;
  readonly firstName?: string;
  readonly lastName?: string;
  readonly email?: string;
  readonly enabled?: boolean;
  readonly attributes?: Readonly<Record<string, readonly string[]>>;
};
export type WantedUser = Omit<RealmUser, 'id' | 'attributes'> & { readonly personId: string };

export const personOf = ({ attributes }: RealmUser): string | undefined => attributes?.['personId']?.[0];

/** How the account of a person shall be on a day: open as long as a role is held or yet to begin. */
export const wantedUser = ({ personId, username, details, profiles }: Extract<Person, { is: 'known' }>, day: string): WantedUser => ({
  personId,
  username: username.toLowerCase(),
  firstName: details.givenName,
  lastName: details.familyName,
  email: details.email.toLowerCase(),
  enabled: profiles.some(({ to }) => to === null || to >= day),
});

export const isAsWanted = (found: RealmUser, wanted: WantedUser): boolean =>
  personOf(found) === wanted.personId &&
  (['firstName', 'lastName', 'email', 'enabled'] as const).every((field) => found[field] === wanted[field]);

/** The account with what Ateneo keeps of it; everything else as found, the user name too. */
export const withWanted = ({ attributes, ...found }: Partial<RealmUser>, { personId, ...wanted }: WantedUser) => ({
  ...wanted,
  ...found,
  firstName: wanted.firstName,
  lastName: wanted.lastName,
  email: wanted.email,
  enabled: wanted.enabled,
  emailVerified: true,
  attributes: { ...attributes, personId: [personId] },
});
