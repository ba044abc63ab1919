import type { RouteObject } from 'react-router';
import type { Role } from '@ateneo/contracts';
import type { IconName } from '@ateneo/ui';
import type { PlainKey } from '../i18n/messages.js';

export type Place = { to: string; label: PlainKey; icon: IconName; /** current only on this very address */ exact?: boolean };
/** Who looks, and where. */
export type Where = { role: Role | undefined; personId: string; schoolId: string | null };

/** What a context adds to the portal: its screens, and where people go by themselves. Its words are `messages.it.ts` and `messages.en.ts` beside it. */
export type Feature = { readonly routes: readonly RouteObject[]; readonly places: (where: Where) => readonly Place[] };
