import type { Decider } from '@ateneo/event-sourcing';

/** An aggregate for whatever needs one: a book is borrowed, once. */
export const loan: Decider<{ is: 'in' | 'out' }, { type: 'BorrowBook' }, { type: 'BookBorrowed' }> = {
  category: 'loan',
  initial: { is: 'in' },
  scope: () => ({}),
  decide: (_, { is }) => (is === 'out' ? [] : [{ type: 'BookBorrowed' }]),
  evolve: () => ({ is: 'out' }),
};
