import { type CollectionSpec, documentProjection } from '@ateneo/read-models';

export type Starred = { readonly activities: readonly string[] };
export const starred: CollectionSpec<Starred> = { name: 'favourites', version: 1, columns: {} };

/** The favourite activities of each trainee. */
export const favouriteActivities = documentProjection<Starred>({
  name: 'favourites',
  version: 1,
  collection: starred,
  own: ['ActivityStarred', 'ActivityUnstarred'],
  key: ({ data }) => data.traineeId as string,
  evolve(before, { type, data }) {
    const others = (before?.activities ?? []).filter((one) => one !== data.activity);
    return { activities: type === 'ActivityStarred' ? [...others, data.activity as string] : others };
  },
});
