import type { Decider } from '@ateneo/event-sourcing';

export type FavouritesCommand = { type: 'StarActivity' | 'UnstarActivity'; traineeId: string; activity: string };
export type FavouritesEvent =
  // the stored format: add, never rename or remove
  { type: 'ActivityStarred' | 'ActivityUnstarred'; traineeId: string; activity: string };
export type Favourites = { readonly traineeId?: string; readonly activities: readonly string[] };

const MOST = 50;

/** The activities that a trainee wants first in the form; the oldest star goes when there are too many. */
export const favourites: Decider<Favourites, FavouritesCommand, FavouritesEvent> = {
  category: 'logbookFavourites',
  initial: { activities: [] },
  scope: ({ traineeId }) => (traineeId ? { traineeId } : {}),
  decide({ type, traineeId, activity }, { activities }) {
    const starred = activities.includes(activity);
    if (type === 'UnstarActivity') return starred ? [{ type: 'ActivityUnstarred', traineeId, activity }] : [];
    if (starred) return [];
    const oldest = activities.length >= MOST ? [{ type: 'ActivityUnstarred' as const, traineeId, activity: activities[0] as string }] : [];
    return [...oldest, { type: 'ActivityStarred', traineeId, activity }];
  },
  evolve: ({ activities }, { type, traineeId, activity }) => ({
    traineeId,
    activities: type === 'ActivityStarred' ? [...activities, activity] : activities.filter((one) => one !== activity),
  }),
};
