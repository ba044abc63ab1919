import { isSealed, open, type PersonKeys, seal } from '@ateneo/event-sourcing';
import type { Sealer } from './document-store.js';

/** Seals documents under the keys of a service's people; an erased person's text reads as erased. */
export const sealerOf = (keys: PersonKeys): Sealer => ({
  ensure: (personIds) => keys.ensure(personIds),
  fetch: (personIds) => keys.fetch(personIds),
  seal: (personId, value) => seal(keys, personId, value),
  open: (sealed) => (isSealed(sealed) ? open(keys, sealed) : sealed),
});
