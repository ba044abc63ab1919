import type { AutonomyScale, Localised } from '@ateneo/contracts';
import { type Decider, reject, type Refusal } from '@ateneo/event-sourcing';

export type UniversityCommand =
  { type: 'RegisterUniversity'; universityId: string; name: Localised } | ({ type: 'DefineAutonomyScale' } & AutonomyScale);
export type UniversityEvent =
  // the stored format: add, never rename or remove
  { type: 'UniversityRegistered'; universityId: string; name: Localised } | ({ type: 'AutonomyScaleDefined' } & AutonomyScale);
export type University =
  | { readonly is: 'absent' }
  | { readonly is: 'registered'; readonly universityId: string; readonly name: Localised; readonly scale: AutonomyScale };

const NO_SCALE: AutonomyScale = { levels: [], surgicalRoles: [] };
const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
const unique = (values: readonly (string | number)[]): boolean => new Set(values).size === values.length;

function refuseScale({ levels, surgicalRoles }: AutonomyScale): Refusal | undefined {
  // an entry says one of these words: without any, none could be logged
  if (levels.length === 0) return reject('scale-inconsistent', { field: 'levels', why: 'none' });
  if (surgicalRoles.length === 0) return reject('scale-inconsistent', { field: 'surgicalRoles', why: 'none' });
  if (!unique(levels.map(({ key }) => key))) return reject('scale-inconsistent', { field: 'levels', why: 'key-twice' });
  if (!unique(levels.map(({ rank }) => rank))) return reject('scale-inconsistent', { field: 'levels', why: 'rank-twice' });
  if (!unique(surgicalRoles.map(({ key }) => key))) return reject('scale-inconsistent', { field: 'surgicalRoles', why: 'key-twice' });
  return undefined;
}

/** The university that this installation serves, one for ever; the names of autonomy levels and surgical roles are its own (residency.md A8 132, B4). */
export const university: Decider<University, UniversityCommand, UniversityEvent> = {
  category: 'networkUniversity',
  initial: { is: 'absent' },
  office: { UniversityRegistered: ['name'], AutonomyScaleDefined: ['levels', 'surgicalRoles'] },
  scope: () => ({}),
  decide(command, state) {
    if (command.type === 'RegisterUniversity') {
      const { universityId, name } = command;
      if (state.is === 'absent') return [{ type: 'UniversityRegistered', universityId, name }];
      return state.universityId === universityId && same(state.name, name) ? [] : reject('id-already-used');
    }
    if (state.is === 'absent') return reject('university-not-found');
    const scale: AutonomyScale = { levels: command.levels, surgicalRoles: command.surgicalRoles };
    return refuseScale(scale) ?? (same(state.scale, scale) ? [] : [{ type: 'AutonomyScaleDefined', ...scale }]);
  },
  evolve(state, event) {
    if (event.type === 'UniversityRegistered')
      return { is: 'registered', universityId: event.universityId, name: event.name, scale: NO_SCALE };
    return state.is === 'absent' ? state : { ...state, scale: { levels: event.levels, surgicalRoles: event.surgicalRoles } };
  },
};
