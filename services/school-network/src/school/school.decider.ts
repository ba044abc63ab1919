import type { Activity, Localised, RequirementSet } from '@ateneo/contracts';
import { type Decider, reject, type Refusal } from '@ateneo/event-sourcing';
import { finerActivity } from './finer-activity.rules.js';

export type SiteType = 'main' | 'affiliated' | 'complementary' | 'out-of-network-italy' | 'out-of-network-abroad';
type SchoolFacts = { schoolId: string; code: string; name: Localised; area: 'medical' | 'surgical' | 'services'; years: number };
type Window = { windowId: string; from: string; to: string };

export type SchoolCommand =
  | ({ type: 'OpenSchool' } & SchoolFacts)
  | { type: 'AddUnitToNetwork'; unitId: string; siteType: SiteType }
  | { type: 'RemoveUnitFromNetwork'; unitId: string }
  | { type: 'AddActivity'; code: string; label: Localised; feeds: Activity['feeds']; bulk: boolean }
  | ({ type: 'OpenImportWindow' } & Window)
  | { type: 'CloseImportWindow'; windowId: string; to: string };
export type SchoolEvent =
  // the stored format: add, never rename or remove
  | ({ type: 'SchoolOpened' } & SchoolFacts)
  | { type: 'UnitAddedToNetwork'; schoolId: string; unitId: string; siteType: SiteType }
  | { type: 'UnitRemovedFromNetwork'; schoolId: string; unitId: string }
  | { type: 'ActivityAdded'; schoolId: string; activity: Activity }
  | ({ type: 'ImportWindowOpened'; schoolId: string } & Window)
  | ({ type: 'ImportWindowClosed'; schoolId: string } & Omit<Window, 'from'>);

type Opened = {
  readonly is: 'open';
  readonly units: ReadonlyMap<string, SiteType>;
  readonly activities: ReadonlyMap<string, Activity>;
  readonly windows: ReadonlyMap<string, Window>;
} & Readonly<SchoolFacts>;
export type School = { readonly is: 'absent' } | Opened;
/** What stands outside a school: the master list of units, and the set whose requirements an activity feeds. */
export type SchoolContext = {
  readonly unitExists?: boolean;
  readonly set?: { readonly schoolCode: string; readonly set: RequirementSet; readonly activities: readonly Activity[] };
};

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

function addActivity(
  state: Opened,
  command: Extract<SchoolCommand, { type: 'AddActivity' }>,
  { set }: SchoolContext,
): readonly SchoolEvent[] | Refusal {
  if (!set || set.schoolCode !== state.code) return reject('requirement-set-not-found');
  if (!command.code.startsWith(`${state.code}/`)) return reject('activity-code-taken', { field: 'code', prefix: `${state.code}/` });
  const activity = finerActivity(command, set.set.id, set.activities);
  if ('twice' in activity) return reject('feeds-same-requirement-twice', { requirementId: activity.twice });
  if ('missing' in activity) return reject('requirement-not-found', activity.missing);
  const before = state.activities.get(command.code);
  if (before) return same(before, activity) ? [] : reject('activity-code-taken', { field: 'code' });
  return [{ type: 'ActivityAdded', schoolId: state.schoolId, activity }];
}

function openWindow({ schoolId, windows }: Opened, { windowId, from, to }: Window): readonly SchoolEvent[] | Refusal {
  const before = windows.get(windowId);
  if (before) return before.from === from && before.to === to ? [] : reject('id-already-used');
  return to < from ? reject('period-reversed', { field: 'to' }) : [{ type: 'ImportWindowOpened', schoolId, windowId, from, to }];
}

/** A specialisation school with its training network, its own activities and its import windows (residency.md A2-A3; counting.md 21, 25). */
export const school: Decider<School, SchoolCommand, SchoolEvent, SchoolContext> = {
  category: 'networkSchool',
  initial: { is: 'absent' },
  office: { SchoolOpened: ['name'], ActivityAdded: ['activity'] },
  scope: (state) => (state.is === 'absent' ? {} : { schoolId: state.schoolId }),
  decide(command, state, context) {
    if (command.type === 'OpenSchool') {
      const { schoolId, code, name, area, years } = command;
      if (state.is === 'absent') return [{ type: 'SchoolOpened', schoolId, code, name, area, years }];
      return same([state.code, state.name, state.area, state.years], [code, name, area, years]) ? [] : reject('id-already-used');
    }
    if (state.is === 'absent') return command.type === 'CloseImportWindow' ? reject('window-not-found') : reject('school-not-found');
    const { schoolId } = state;
    switch (command.type) {
      case 'AddUnitToNetwork':
        if (!context.unitExists) return reject('unit-not-found');
        return state.units.get(command.unitId) === command.siteType
          ? []
          : [{ type: 'UnitAddedToNetwork', schoolId, unitId: command.unitId, siteType: command.siteType }];
      case 'RemoveUnitFromNetwork':
        return state.units.has(command.unitId)
          ? [{ type: 'UnitRemovedFromNetwork', schoolId, unitId: command.unitId }]
          : reject('unit-not-in-network');
      case 'AddActivity':
        return addActivity(state, command, context);
      case 'OpenImportWindow':
        return openWindow(state, command);
      case 'CloseImportWindow': {
        const window = state.windows.get(command.windowId);
        if (!window) return reject('window-not-found');
        return command.to < window.to ? [{ type: 'ImportWindowClosed', schoolId, windowId: command.windowId, to: command.to }] : [];
      }
    }
  },
  evolve(state, event) {
    if (event.type === 'SchoolOpened') {
      const { schoolId, code, name, area, years } = event;
      return { is: 'open', schoolId, code, name, area, years, units: new Map(), activities: new Map(), windows: new Map() };
    }
    if (state.is === 'absent') return state;
    switch (event.type) {
      case 'UnitAddedToNetwork':
        return { ...state, units: new Map(state.units).set(event.unitId, event.siteType) };
      case 'UnitRemovedFromNetwork':
        return { ...state, units: new Map([...state.units].filter(([unitId]) => unitId !== event.unitId)) };
      case 'ActivityAdded':
        return { ...state, activities: new Map(state.activities).set(event.activity.code, event.activity) };
      case 'ImportWindowOpened':
        return {
          ...state,
          windows: new Map(state.windows).set(event.windowId, { windowId: event.windowId, from: event.from, to: event.to }),
        };
      case 'ImportWindowClosed': {
        const window = state.windows.get(event.windowId);
        return window ? { ...state, windows: new Map(state.windows).set(event.windowId, { ...window, to: event.to }) } : state;
      }
    }
  },
};
