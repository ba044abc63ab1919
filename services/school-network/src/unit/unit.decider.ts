import { type Decider, reject } from '@ateneo/event-sourcing';

type UnitFacts = { unitId: string; name: string; city: string };
export type UnitCommand = { type: 'RegisterUnit' } & UnitFacts;
export type UnitEvent =
  // the stored format: add, never rename or remove
  { type: 'UnitRegistered' } & UnitFacts;
export type Unit = { readonly is: 'absent' } | ({ readonly is: 'registered' } & Readonly<UnitFacts>);

/** An operating unit in the master list of the university: schools choose among these and create none (residency.md A3 33). */
export const unit: Decider<Unit, UnitCommand, UnitEvent> = {
  category: 'networkUnit',
  initial: { is: 'absent' },
  office: { UnitRegistered: ['name', 'city'] },
  scope: () => ({}),
  decide({ unitId, name, city }, state) {
    if (state.is === 'absent') return [{ type: 'UnitRegistered', unitId, name, city }];
    return state.name === name && state.city === city ? [] : reject('id-already-used');
  },
  evolve: (_state, { unitId, name, city }) => ({ is: 'registered', unitId, name, city }),
};
