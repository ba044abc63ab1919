import { type FeedCursor, readCursor } from '../events/feed-cursor.rules.js';
import { typesBeginning } from '../events/event-types.rules.js';

/** What of a webhook tells how far it is: types, or beginnings of types, and a cursor of the feed. */
type Follower = { readonly types: readonly string[]; readonly cursor: string };

/** Services whose events a webhook asks for. */
export const wantedServices = ({ types }: Pick<Follower, 'types'>): string[] => [
  ...new Set(typesBeginning(types).map((type) => type.slice(0, type.indexOf('.')))),
];

/** How many services have more than was taken in: how many events that are, their positions do not tell. */
export function servicesAhead(webhook: Follower, heads: FeedCursor): number {
  const cursor = readCursor(webhook.cursor) ?? new Map();
  return wantedServices(webhook).filter((service) => {
    const [head, place] = [heads.get(service), cursor.get(service)];
    return head !== undefined && (place?.epoch !== head.epoch || place.position < head.position);
  }).length;
}
