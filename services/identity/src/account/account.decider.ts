import { type Decider, reject } from '@ateneo/event-sourcing';

export type AccountCommand =
  | {
      readonly type: 'CreateServiceAccount';
      readonly accountId: string;
      readonly name: string;
      readonly schoolId: string | null;
      readonly from: string;
    }
  | { readonly type: 'RevokeServiceAccount' };
export type AccountEvent =
  // the stored format: add, never rename or remove
  | {
      readonly type: 'ServiceAccountCreated';
      readonly accountId: string;
      readonly name: string;
      readonly schoolId: string | null;
      readonly from: string;
    }
  | { readonly type: 'ServiceAccountRevoked' };
export type Account =
  | { readonly is: 'absent' }
  | {
      readonly is: 'active' | 'revoked';
      readonly accountId: string;
      readonly name: string;
      readonly schoolId: string | null;
      readonly from: string;
    };

/** A tool of the university's staff that acts by itself, in one school or in all (issue «main job», staff tool). */
export const account: Decider<Account, AccountCommand, AccountEvent> = {
  category: 'identityAccount',
  initial: { is: 'absent' },
  office: { ServiceAccountCreated: ['name'] },
  scope: () => ({}),
  decide(command, state) {
    if (command.type === 'CreateServiceAccount') {
      if (state.is === 'absent') return [{ ...command, type: 'ServiceAccountCreated' }];
      return state.is === 'active' && state.name === command.name && state.schoolId === command.schoolId ? [] : reject('id-already-used');
    }
    if (state.is === 'absent') return reject('account-not-found');
    return state.is === 'revoked' ? [] : [{ type: 'ServiceAccountRevoked' }];
  },
  evolve(state, event) {
    if (event.type === 'ServiceAccountCreated')
      return { is: 'active', accountId: event.accountId, name: event.name, schoolId: event.schoolId, from: event.from };
    return state.is === 'absent' ? state : { ...state, is: 'revoked' };
  },
};

export const clientIdOf = (accountId: string): string => `account-${accountId}`;
export const accountIdOf = (clientId: string): string | undefined => /^account-([0-9a-f-]{36})$/.exec(clientId)?.[1];
