import { readFileSync } from 'node:fs';
import assert from 'node:assert/strict';
import { specification, storedExamples } from '@ateneo/event-sourcing';
import { unit } from '../unit/unit.decider.js';
import { university, type UniversityEvent } from './university.decider.js';

const { given } = specification(university);
const name = { it: 'Università', en: 'University' };
const register = { type: 'RegisterUniversity' as const, universityId: 'u', name };
const registered: UniversityEvent = { type: 'UniversityRegistered', universityId: 'u', name };
const { axes } = JSON.parse(readFileSync(new URL('../../catalogues/autonomy-levels.json', import.meta.url), 'utf8')) as {
  axes: { key: string; values: never[] }[];
};
const valuesOf = (axis: string) => axes.find(({ key }) => key === axis)?.values ?? [];
const scale = {
  levels: valuesOf('autonomy') as { key: string; rank: number; name: typeof name; description: typeof name }[],
  surgicalRoles: valuesOf('surgical-role') as { key: string; name: typeof name; description: typeof name; countsInCaseload: boolean }[],
};
const [level, next] = scale.levels;

describe('university', () => {
  test('an installation serves one university', () => {
    given().when(register).then(registered);
    given(registered).when(register).thenNothing();
    given(registered)
      .when({ ...register, universityId: 'other' })
      .thenRejected('id-already-used');
  });
  test('the names of levels and roles are the university’s own, three of each to begin with [res:132] [res:B4]', () => {
    assert.deepEqual([scale.levels.length, scale.surgicalRoles.length], [3, 3]);
    given(registered)
      .when({ type: 'DefineAutonomyScale', ...scale })
      .then({ type: 'AutonomyScaleDefined', ...scale });
    given(registered, { type: 'AutonomyScaleDefined', ...scale })
      .when({ type: 'DefineAutonomyScale', ...structuredClone(scale) })
      .thenNothing();
    given()
      .when({ type: 'DefineAutonomyScale', ...scale })
      .thenRejected('university-not-found');
  });
  test('each level has a key and a rank of its own, each role a key, and there is one of both [res:B4] [rev:sec-19]', () => {
    assert.ok(level && next);
    const define = (more: object) => given(registered).when({ type: 'DefineAutonomyScale', ...scale, ...more });
    define({ levels: [] }).thenRejected('scale-inconsistent', { field: 'levels', why: 'none' });
    define({ surgicalRoles: [] }).thenRejected('scale-inconsistent', { field: 'surgicalRoles', why: 'none' });
    define({ levels: [level, { ...next, key: level.key }] }).thenRejected('scale-inconsistent', { field: 'levels', why: 'key-twice' });
    define({ levels: [level, { ...next, rank: level.rank }] }).thenRejected('scale-inconsistent', { field: 'levels', why: 'rank-twice' });
    define({ surgicalRoles: [...scale.surgicalRoles, ...scale.surgicalRoles] }).thenRejected('scale-inconsistent', {
      field: 'surgicalRoles',
      why: 'key-twice',
    });
  });
  test('every stored form still folds [arch:4]', () => {
    const state = storedExamples(university, [
      { type: 'UniversityRegistered', data: { universityId: 'u', name } },
      { type: 'AutonomyScaleDefined', data: scale },
    ]);
    assert.deepEqual(state.is === 'registered' && state.scale, scale);
  });
});

describe('unit', () => {
  const { given: givenUnit } = specification(unit);
  const facts = { unitId: 'u1', name: 'Chirurgia 2', city: 'Esempio' };
  test('a unit stands once in the master list [res:33]', () => {
    givenUnit()
      .when({ type: 'RegisterUnit', ...facts })
      .then({ type: 'UnitRegistered', ...facts });
    givenUnit({ type: 'UnitRegistered', ...facts })
      .when({ type: 'RegisterUnit', ...facts })
      .thenNothing();
    givenUnit({ type: 'UnitRegistered', ...facts })
      .when({ type: 'RegisterUnit', ...facts, city: 'Altrove' })
      .thenRejected('id-already-used');
  });
  test('every stored form still folds [arch:4]', () =>
    assert.deepEqual(storedExamples(unit, [{ type: 'UnitRegistered', data: facts }]), { is: 'registered', ...facts }));
});
