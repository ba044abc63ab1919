import { readFileSync } from 'node:fs';
import assert from 'node:assert/strict';
import { specification, type StoredExample, storedExamples } from '@ateneo/event-sourcing';
import { setOf } from '../../test/catalogue.js';
import { deriveActivities } from '../requirement-set/derive-activities.rules.js';
import { school, type SchoolContext, type SchoolEvent } from './school.decider.js';

const { given } = specification(school);
const label = { it: 'Nome', en: 'Name' };
const facts = { schoolId: 's1', code: 'CHIR', name: label, area: 'surgical' as const, years: 5 };
const opened: SchoolEvent = { type: 'SchoolOpened', ...facts };
const unit = { type: 'AddUnitToNetwork' as const, unitId: 'u1', siteType: 'main' as const };
const added: SchoolEvent = { type: 'UnitAddedToNetwork', schoolId: 's1', unitId: 'u1', siteType: 'main' };
const withSet = (setId: string, schoolCode: string): SchoolContext => ({
  set: { schoolCode, set: setOf(setId), activities: deriveActivities(setOf(setId)) },
});
const context = withSet('CHIR-402', 'CHIR');
const add = { type: 'AddActivity' as const, code: 'CHIR/colecistectomia', label, feeds: [{ requirementId: 'CHIR-402-02' }], bulk: false };
const window = { windowId: 'w1', from: '2026-03-01', to: '2026-03-31' };
const openedWindow: SchoolEvent = { type: 'ImportWindowOpened', schoolId: 's1', ...window };

describe('school', () => {
  test('a school is opened once', () => {
    given()
      .when({ type: 'OpenSchool', ...facts }, {})
      .then(opened);
    given(opened)
      .when({ type: 'OpenSchool', ...facts }, {})
      .thenNothing();
    given(opened)
      .when({ type: 'OpenSchool', ...facts, years: 4 }, {})
      .thenRejected('id-already-used');
  });
  test('a school that does not exist takes no command', () => {
    given().when(unit, { unitExists: true }).thenRejected('school-not-found');
    given().when({ type: 'CloseImportWindow', windowId: 'w1', to: '2026-03-02' }, {}).thenRejected('window-not-found');
  });
  test('only a unit of the master list joins the network, with its site type [res:31] [res:33]', () => {
    given(opened).when(unit, { unitExists: false }).thenRejected('unit-not-found');
    given(opened).when(unit, { unitExists: true }).then(added);
    given(opened, added).when(unit, { unitExists: true }).thenNothing();
    given(opened, added)
      .when({ ...unit, siteType: 'affiliated' }, { unitExists: true })
      .then({ ...added, siteType: 'affiliated' });
  });
  test('a unit leaves the network it is in [res:30]', () => {
    given(opened, added)
      .when({ type: 'RemoveUnitFromNetwork', unitId: 'u1' }, {})
      .then({ type: 'UnitRemovedFromNetwork', schoolId: 's1', unitId: 'u1' });
    given(opened).when({ type: 'RemoveUnitFromNetwork', unitId: 'u1' }, {}).thenRejected('unit-not-in-network');
  });
  test('a finer activity asks for what the requirements it feeds ask for [count:6] [count:21]', () => {
    given(opened)
      .when(add, context)
      .thenState((state) => {
        const activity = state.is === 'open' ? state.activities.get(add.code) : undefined;
        assert.deepEqual(
          [activity?.setId, activity?.kind, activity?.unit, activity?.requires.map(({ axis }) => axis)],
          ['CHIR-402', 'act', 'procedures', ['surgical-role']],
        );
      });
  });
  test('a finer activity feeds each requirement once, and one that takes entries [count:2] [count:20]', () => {
    const feeding = (...requirementIds: string[]) =>
      given(opened).when({ ...add, feeds: requirementIds.map((requirementId) => ({ requirementId })) }, context);
    feeding('CHIR-402-02', 'CHIR-402-02').thenRejected('feeds-same-requirement-twice', { requirementId: 'CHIR-402-02' });
    feeding('CHIR-402-99').thenRejected('requirement-not-found');
    feeding('CHIR-402-04').thenRejected('requirement-not-found');
    feeding('CHIR-402-05').thenRejected('requirement-not-found');
    feeding('CHIR-402-06').thenRejected('requirement-not-found');
  });
  test('a requirement with components is fed through one of them [count:20]', () => {
    const cardiology: SchoolEvent = { ...opened, code: 'CARD' };
    const feeding = (part?: string) =>
      given(cardiology).when({ ...add, code: 'CARD/angio', feeds: [{ requirementId: 'CARD-402-12', part }] }, withSet('CARD-402', 'CARD'));
    feeding('angioplasty').thenState((state) => assert.ok(state.is === 'open' && state.activities.has('CARD/angio')));
    feeding().thenRejected('requirement-not-found');
    feeding('ablation').thenRejected('requirement-not-found');
  });
  test('an activity that feeds a cross credit is one, whatever else it feeds [count:12]', () => {
    const feeds = [{ requirementId: 'GINE-402-02' }, { requirementId: 'GINE-402-10' }];
    given({ ...opened, code: 'GINE' })
      .when({ ...add, code: 'GINE/forcipe', feeds }, withSet('GINE-402', 'GINE'))
      .thenState((state) => {
        const activity = state.is === 'open' ? state.activities.get('GINE/forcipe') : undefined;
        assert.deepEqual([activity?.kind, activity?.unit], ['cross-credit', 'procedures']);
      });
  });
  test('a code carries the school’s own and is used once', () => {
    given(opened)
      .when({ ...add, code: 'ORTO/x' }, context)
      .thenRejected('activity-code-taken');
    given(opened).when(add, withSet('ORTO-402', 'ORTO')).thenRejected('requirement-set-not-found');
    given(opened).when(add, {}).thenRejected('requirement-set-not-found');
    const before = given(opened).when(add, context).answer as SchoolEvent[];
    given(opened, ...before)
      .when(add, context)
      .thenNothing();
    given(opened, ...before)
      .when({ ...add, bulk: true }, context)
      .thenRejected('activity-code-taken');
  });
  test('an import window has a first and a last day and is closed early, never prolonged [count:25]', () => {
    given(opened)
      .when({ type: 'OpenImportWindow', ...window }, {})
      .then(openedWindow);
    given(opened, openedWindow)
      .when({ type: 'OpenImportWindow', ...window }, {})
      .thenNothing();
    given(opened, openedWindow)
      .when({ type: 'OpenImportWindow', ...window, to: '2026-04-30' }, {})
      .thenRejected('id-already-used');
    given(opened)
      .when({ type: 'OpenImportWindow', ...window, to: '2026-02-28' }, {})
      .thenRejected('period-reversed');
    given(opened, openedWindow)
      .when({ type: 'CloseImportWindow', windowId: 'w1', to: '2026-03-12' }, {})
      .then({ type: 'ImportWindowClosed', schoolId: 's1', windowId: 'w1', to: '2026-03-12' });
    given(opened, openedWindow).when({ type: 'CloseImportWindow', windowId: 'w1', to: '2026-04-30' }, {}).thenNothing();
    given(opened).when({ type: 'CloseImportWindow', windowId: 'w1', to: '2026-03-12' }, {}).thenRejected('window-not-found');
  });
  test('every stored form still folds [arch:4]', () => {
    const state = storedExamples(
      school,
      JSON.parse(readFileSync(new URL('./school.stored.json', import.meta.url), 'utf8')) as StoredExample[],
    );
    assert.deepEqual(state.is === 'open' && [state.units.size, state.activities.size, state.windows.get('w1')?.to], [0, 1, '2026-03-12']);
  });
});
