import { onStored } from '@ateneo/event-sourcing';
import { type CollectionSpec, documentsOf, projection } from '@ateneo/read-models';
import { favourites } from './favourites.decider.js';

export type Starred = { readonly activities: readonly string[] };
export const starred: CollectionSpec<Starred> = { name: 'favourites', version: 1, columns: {} };

const others = (before: Starred | undefined, activity: string): string[] => (before?.activities ?? []).filter((one) => one !== activity);

/** The favourite activities of each trainee. */
export const favouriteActivities = projection({
  name: 'favourites',
  version: 1,
  parts: [
    documentsOf(starred, {
      by: 'traineeId',
      on: onStored(favourites, {
        ActivityStarred: ({ data: { activity } }, before) => ({ activities: [...others(before, activity), activity] }),
        ActivityUnstarred: ({ data: { activity } }, before) => ({ activities: others(before, activity) }),
      }),
    }),
  ],
});
