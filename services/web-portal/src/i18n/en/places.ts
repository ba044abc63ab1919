import type { places as italian } from '../it/places.js';
import type { Same } from '../same.js';

export const places = {
  'stories.title': 'Components',
  'stories.lead': 'Every component of the portal, with the keyboard, in both languages and both themes.',
} as const satisfies Same<typeof italian>;
