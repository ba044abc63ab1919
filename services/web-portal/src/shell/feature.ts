import type { RouteObject } from 'react-router';
import type { Place, Where } from './places.js';

/** What a context adds to the portal: its screens, and where people go by themselves. Its words are `messages.it.ts` and `messages.en.ts` beside it. */
export type Feature = { readonly routes: readonly RouteObject[]; readonly places: (where: Where) => readonly Place[] };
