import { ERASED, onStored } from '@ateneo/event-sourcing';
import { type CollectionSpec, documentsOf, projection } from '@ateneo/read-models';
import { type Details, type Locale, person, type Profile } from '../person/person.decider.js';

export type DirectoryEntry = Details & {
  readonly personId: string;
  readonly locale: Locale;
  readonly profiles: readonly Profile[];
  readonly erased: boolean;
};

export const directoryCollection: CollectionSpec<DirectoryEntry> = {
  name: 'directory',
  version: 1,
  columns: { erased: ({ erased }) => (erased ? 1 : 0) },
  personal: { fields: ['givenName', 'familyName', 'email', 'staffNumber'], person: ({ personId }) => personId },
};

const NAMES_GONE = { givenName: ERASED, familyName: ERASED, email: ERASED, staffNumber: null } as const;

const detailsOf = ({ givenName, familyName, email, staffNumber }: Details): Details => ({ givenName, familyName, email, staffNumber });

/** Who are the people of the university, and what may they do? */
export const directory = projection({
  name: 'directory',
  version: 1,
  parts: [
    documentsOf(directoryCollection, {
      on: onStored(person, {
        PersonRegistered: ({ data }) => ({
          personId: data.personId,
          locale: data.locale,
          ...detailsOf(data),
          profiles: [],
          erased: false,
        }),
        PersonDetailsChanged: ({ data }, before) => before && { ...before, ...detailsOf(data) },
        LanguageChosen: ({ data }, before) => before && { ...before, locale: data.locale },
        ProfileGranted: ({ data: { profileId, role, schoolId, from, to } }, before) =>
          before && { ...before, profiles: [...before.profiles, { profileId, role, schoolId, from, to }] },
        ProfileEnded: ({ data: { profileId, to } }, before) =>
          before && { ...before, profiles: before.profiles.map((one) => (one.profileId === profileId ? { ...one, to } : one)) },
        PersonErased: (_, before) => before && { ...before, ...NAMES_GONE, erased: true },
      }),
    }),
  ],
});
