import { ERASED } from '@ateneo/event-sourcing';
import { type CollectionSpec, documentProjection } from '@ateneo/read-models';
import type { Details, Locale, PersonEvent, Profile } from '../person/person.decider.js';

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

/** Who are the people of the university, and what may they do? */
export const directory = documentProjection<DirectoryEntry>({
  name: 'directory',
  version: 1,
  collection: directoryCollection,
  own: ['PersonRegistered', 'PersonDetailsChanged', 'LanguageChosen', 'ProfileGranted', 'ProfileEnded', 'PersonErased'],
  key: ({ stream }) => stream.slice(stream.indexOf('-') + 1),
  evolve(before, { type, data }) {
    const event = { ...data, type } as PersonEvent;
    if (event.type === 'PersonRegistered') {
      const { personId, locale, givenName, familyName, email, staffNumber } = event;
      return { personId, locale, givenName, familyName, email, staffNumber, profiles: [], erased: false };
    }
    return before && evolved(before, event);
  },
});

function evolved(before: DirectoryEntry, event: PersonEvent): DirectoryEntry {
  switch (event.type) {
    case 'PersonDetailsChanged':
      return { ...before, givenName: event.givenName, familyName: event.familyName, email: event.email, staffNumber: event.staffNumber };
    case 'LanguageChosen':
      return { ...before, locale: event.locale };
    case 'ProfileGranted':
      return {
        ...before,
        profiles: [
          ...before.profiles,
          { profileId: event.profileId, role: event.role, schoolId: event.schoolId, from: event.from, to: event.to },
        ],
      };
    case 'ProfileEnded':
      return {
        ...before,
        profiles: before.profiles.map((profile) => (profile.profileId === event.profileId ? { ...profile, to: event.to } : profile)),
      };
    case 'PersonErased':
      return { ...before, ...NAMES_GONE, erased: true };
    default:
      return before;
  }
}
