import { type Decider, reject } from '@ateneo/event-sourcing';

type Opened = { {{thing}}Id: string; title: string; closesOn: string };
export type {{Thing}}Command = ({ type: 'Open{{Thing}}' } & Opened) | { type: 'Close{{Thing}}' };
export type {{Thing}}Event =
  // the stored format: add, never rename or remove
  ({ type: '{{Thing}}Opened' } & Opened) | { type: '{{Thing}}Closed' };
export type {{Thing}} = { readonly is: 'absent' } | ({ readonly is: 'open' | 'closed' } & Readonly<Opened>);

/** Open until the end of a day, or until an office closes it. */
export const {{thing}}: Decider<{{Thing}}, {{Thing}}Command, {{Thing}}Event> = {
  category: '{{category}}',
  initial: { is: 'absent' },
  office: { {{Thing}}Opened: ['title'] },
  scope: () => ({}),
  decide(command, state) {
    if (command.type === 'Close{{Thing}}') {
      if (state.is === 'absent') return reject('not-found');
      return state.is === 'open' ? [{ type: '{{Thing}}Closed' }] : [];
    }
    const { {{thing}}Id, title, closesOn } = command;
    if (state.is === 'absent') return [{ type: '{{Thing}}Opened', {{thing}}Id, title, closesOn }];
    return state.title === title && state.closesOn === closesOn ? [] : reject('id-already-used');
  },
  evolve(state, event) {
    if (event.type === '{{Thing}}Closed') return state.is === 'absent' ? state : { ...state, is: 'closed' };
    const { type: _type, ...opened } = event;
    return { is: 'open', ...opened };
  },
};
