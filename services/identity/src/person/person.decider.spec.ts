import assert from 'node:assert/strict';
import { currentVersion, specification, storedExamples } from '@ateneo/event-sourcing';
import { ROLES } from '@ateneo/contracts';
import { person, type PersonEvent, profilesOn } from './person.decider.js';
import { publishPerson } from './person.published.js';

const { given } = specification(person);
const personId = '0198c0de-0000-7000-8000-000000000001';
const details = { givenName: 'Giulia', familyName: 'Bianchi', email: 'giulia.bianchi@ateneo.example', staffNumber: null };
const registered: PersonEvent = { type: 'PersonRegistered', personId, username: 'giulia.bianchi', locale: 'it', ...details };
const tutor = { profileId: 'p1', role: 'tutor' as const, schoolId: 's1', from: '2026-01-01', to: null };
const granted: PersonEvent = { type: 'ProfileGranted', personId, ...tutor };
const erased: PersonEvent = { type: 'PersonErased', personId, protocol: '0000123/2026' };

describe('a person of the university', () => {
  test('is registered once; the same again is nothing, other content is refused', () => {
    const command = { ...registered, type: 'RegisterPerson' as const };
    given().when(command).then(registered);
    given(registered).when(command).thenNothing();
    given(registered)
      .when({ ...command, familyName: 'Verdi' })
      .thenRejected('id-already-used');
    given(registered, erased).when(command).thenRejected('id-already-used');
  });

  test('who is not registered can be given nothing', () => {
    given()
      .when({ type: 'GrantProfile', ...tutor })
      .thenRejected('person-not-found');
    given().when({ type: 'ErasePerson', protocol: '0000123/2026' }).thenRejected('person-not-found');
  });

  test('corrected details are a fact only where they differ', () => {
    given(registered)
      .when({ type: 'ChangePersonDetails', locale: 'it', ...details })
      .thenNothing();
    given(registered)
      .when({ type: 'ChangePersonDetails', locale: 'en', ...details, familyName: 'Verdi' })
      .then({ type: 'PersonDetailsChanged', personId, ...details, familyName: 'Verdi' }, { type: 'LanguageChosen', locale: 'en' });
  });

  test('the language is chosen; the same again is nothing', () => {
    given(registered).when({ type: 'ChooseLanguage', locale: 'en' }).then({ type: 'LanguageChosen', locale: 'en' });
    given(registered).when({ type: 'ChooseLanguage', locale: 'it' }).thenNothing();
  });

  test('a role of a school needs a school, a role of the university has none [res:C]', () => {
    for (const role of ROLES) {
      const whole = role === 'administrator' || role === 'university-secretariat';
      const outcome = given(registered).when({ type: 'GrantProfile', ...tutor, role, schoolId: null });
      const inSchool = given(registered).when({ type: 'GrantProfile', ...tutor, role });
      if (role === 'integration') continue;
      if (whole) inSchool.thenRejected('school-not-allowed');
      else outcome.thenRejected('school-required');
    }
    for (const schoolId of ['s1', null])
      given(registered)
        .when({ type: 'GrantProfile', ...tutor, role: 'integration', schoolId })
        .then({ ...granted, role: 'integration', schoolId } as PersonEvent);
  });

  test('one person may hold several roles in several schools [res:8]', () => {
    const second = { ...tutor, profileId: 'p2', schoolId: 's2', role: 'school-secretariat' as const };
    given(registered, granted)
      .when({ type: 'GrantProfile', ...second })
      .thenState((state) => assert.equal(profilesOn(state, '2026-06-01').length, 2));
  });

  test('a period does not end before it begins', () => {
    given(registered)
      .when({ type: 'GrantProfile', ...tutor, to: '2025-12-31' })
      .thenRejected('period-reversed');
    given(registered, granted).when({ type: 'EndProfile', profileId: 'p1', to: '2025-12-31' }).thenRejected('period-reversed');
  });

  test('a profile granted or ended twice is one fact', () => {
    const ended: PersonEvent = { type: 'ProfileEnded', personId, profileId: 'p1', to: '2026-05-31' };
    given(registered, granted)
      .when({ type: 'GrantProfile', ...tutor })
      .thenNothing();
    given(registered, granted)
      .when({ type: 'GrantProfile', ...tutor, schoolId: 's2' })
      .thenRejected('id-already-used');
    given(registered, granted).when({ type: 'EndProfile', profileId: 'p1', to: '2026-05-31' }).then(ended);
    given(registered, granted, ended).when({ type: 'EndProfile', profileId: 'p1', to: '2026-05-31' }).thenNothing();
    given(registered, granted).when({ type: 'EndProfile', profileId: 'p9', to: '2026-05-31' }).thenRejected('profile-not-found');
  });

  test('the last day of a profile counts, the day after does not', () => {
    given(registered, granted)
      .when({ type: 'EndProfile', profileId: 'p1', to: '2026-05-31' })
      .thenState((state) =>
        assert.deepEqual(
          [profilesOn(state, '2026-05-31').length, profilesOn(state, '2026-06-01').length, profilesOn(state, '2025-12-31').length],
          [1, 0, 0],
        ),
      );
  });

  test('an erased person keeps the history of roles, holds none and is changed no more [res:C1.8]', () => {
    given(registered, granted).when({ type: 'ErasePerson', protocol: '0000123/2026' }).then(erased);
    given(registered, granted)
      .when({ type: 'ErasePerson', protocol: '0000123/2026' })
      .thenState((state) => assert.deepEqual(profilesOn(state, '2026-06-01'), []));
    given(registered, erased).when({ type: 'ErasePerson', protocol: '0000124/2026' }).thenNothing();
    given(registered, erased)
      .when({ type: 'ChangePersonDetails', locale: 'it', ...details })
      .thenRejected('person-erased');
    given(registered, erased)
      .when({ type: 'GrantProfile', ...tutor })
      .thenRejected('person-erased');
    given(registered, erased).when({ type: 'ChooseLanguage', locale: 'en' }).thenRejected('person-not-found');
    given(registered, granted, erased)
      .when({ type: 'EndProfile', profileId: 'p1', to: '2026-05-31' })
      .thenState((state) => assert.equal(state.is, 'erased'));
  });

  test('the erasure is complete when the last awaited service has answered, once [arch:4]', () => {
    const awaited = ['identity', 'logbook'];
    given(registered, erased)
      .when({ type: 'ConfirmForgotten', service: 'logbook', awaited })
      .then({ type: 'ServiceForgot', service: 'logbook' });
    const forgot: PersonEvent = { type: 'ServiceForgot', service: 'logbook' };
    const complete: PersonEvent = { type: 'PersonForgotten', personId, services: ['identity', 'logbook'] };
    given(registered, erased, forgot)
      .when({ type: 'ConfirmForgotten', service: 'identity', awaited })
      .then({ type: 'ServiceForgot', service: 'identity' }, complete);
    given(registered, erased, forgot).when({ type: 'ConfirmForgotten', service: 'logbook', awaited }).thenNothing();
    given(registered).when({ type: 'ConfirmForgotten', service: 'logbook', awaited }).thenRejected('person-not-erased');
  });

  test('what was stored once folds for ever', () => {
    const { type: _registered, ...registration } = registered;
    const state = storedExamples(person, [
      { type: 'PersonRegistered', data: registration },
      { type: 'PersonDetailsChanged', data: { personId, ...details, familyName: 'Verdi' } },
      { type: 'LanguageChosen', data: { locale: 'en' } },
      { type: 'ProfileGranted', data: { personId, ...tutor } },
      { type: 'ProfileEnded', data: { personId, profileId: 'p1', to: '2026-12-31' } },
      { type: 'PersonErased', data: { personId, act: 'Provvedimento 7/2026' } },
      { type: 'ServiceForgot', data: { service: 'identity' } },
      { type: 'PersonForgotten', data: { personId, services: ['identity'] } },
    ]);
    assert.deepEqual([state.is, state.is === 'erased' && state.complete], ['erased', true]);
  });

  test('what an earlier release stored of an erasure is read without the words typed then [rev:sec-10]', () => {
    const up = (act: string) => person.upcasters?.find(({ type, from }) => type === 'PersonErased' && from === 1)?.up({ personId, act });
    assert.deepEqual(up('Richiesta di Agnese Pellegrini del 28/11/2026'), { personId, protocol: null });
    assert.deepEqual(up('0000123/2026'), { personId, protocol: '0000123/2026' });
    const state = storedExamples(person, [
      { type: 'PersonRegistered', data: { personId, username: 'a.b', locale: 'it', ...details } },
      { type: 'PersonErased', version: 2, data: { personId, protocol: null } },
    ]);
    assert.equal(state.is, 'erased');
  });

  test('no public event carries a name, an address or the act [arch:4]', () => {
    for (const event of [registered, { type: 'PersonDetailsChanged', personId, ...details }, granted, erased] as PersonEvent[]) {
      const { type, ...data } = event;
      const text = JSON.stringify(publishPerson({ type, version: currentVersion(person, type), data } as never));
      for (const personal of ['Giulia', 'Bianchi', 'giulia', '0000123']) assert.equal(text.includes(personal), false, type);
    }
  });
});
