import assert from 'node:assert/strict';
import type { Documents, ProjectedEvent } from '@ateneo/read-models';
import { directory, type DirectoryEntry } from './directory.projection.js';

const event = (personId: string, type: string, data: object): ProjectedEvent => ({
  id: `${personId}-${type}`,
  type,
  data: { personId, ...data },
  at: '2026-01-01T00:00:00.000Z',
  actorId: 'a',
  stream: `identityPerson-${personId}`,
  position: 1,
  partition: 0,
  service: 'identity',
  origin: 'own',
  scope: {},
});
const story = (personId: string) => [
  event(personId, 'PersonRegistered', {
    username: 'u',
    locale: 'it',
    givenName: 'Giulia',
    familyName: 'Bianchi',
    email: 'g@ateneo.example',
    staffNumber: '7',
  }),
  event(personId, 'ProfileGranted', { profileId: 'p1', role: 'tutor', schoolId: 's1', from: '2026-01-01', to: null }),
  event(personId, 'PersonDetailsChanged', { givenName: 'Giulia', familyName: 'Verdi', email: 'g@ateneo.example', staffNumber: '7' }),
  event(personId, 'ProfileEnded', { profileId: 'p1', to: '2026-12-31' }),
  event(personId, 'LanguageChosen', { locale: 'en' }),
];
function fold(events: readonly ProjectedEvent[]): Map<string, unknown> {
  const kept = new Map<string, unknown>();
  const documents: Documents = {
    get: <D>(_: string, id: string) => kept.get(id) as D | undefined,
    put: (_, id, document) => void kept.set(id, document),
    delete: (_, id) => void kept.delete(id),
  };
  for (const one of events) directory.apply(one, documents);
  return kept;
}

describe('the directory', () => {
  test('shows names, language and roles as they are', () => {
    const entry = fold(story('a')).get('a') as DirectoryEntry;
    assert.deepEqual(
      [entry.familyName, entry.locale, entry.profiles],
      ['Verdi', 'en', [{ profileId: 'p1', role: 'tutor', schoolId: 's1', from: '2026-01-01', to: '2026-12-31' }]],
    );
  });
  test('streams interleaved in any order give the same documents', () => {
    const [a, b] = [story('a'), story('b')];
    const mixed = a.flatMap((one, i) => [b[i] as ProjectedEvent, one]);
    assert.deepEqual(new Map([...fold(mixed)].sort()), new Map([...fold([...a, ...b])].sort()));
  });
  test('an erased person has neither name nor number left [res:C1.8]', () => {
    const entry = fold([...story('a'), event('a', 'PersonErased', { protocol: null })]).get('a') as DirectoryEntry;
    assert.deepEqual(
      [entry.givenName, entry.familyName, entry.email, entry.staffNumber, entry.erased],
      ['[erased]', '[erased]', '[erased]', null, true],
    );
  });
});
