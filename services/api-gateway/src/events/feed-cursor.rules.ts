/** Where a reader of the feed stands in each service: epoch and position. */
export type FeedPlace = { readonly epoch: string; readonly position: number };
export type FeedCursor = ReadonlyMap<string, FeedPlace>;

export const writeCursor = (cursor: FeedCursor): string =>
  Buffer.from(JSON.stringify([...cursor].map(([service, { epoch, position }]) => [service, epoch, position]))).toString('base64url');

const MAX_LENGTH = 2_000;
const isPlace = (value: unknown): value is [string, string, number] => {
  if (!Array.isArray(value) || value.length !== 3) return false;
  const [service, epoch, position] = value as unknown[];
  return (
    typeof service === 'string' &&
    /^[a-z-]{1,40}$/.test(service) &&
    typeof epoch === 'string' &&
    epoch.length <= 64 &&
    Number.isSafeInteger(position) &&
    (position as number) >= 0
  );
};

/** The cursor in a text of a client, or undefined where it is none. */
export function readCursor(text: string): FeedCursor | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  try {
    const places: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
    if (!Array.isArray(places) || places.length > 50 || !places.every(isPlace)) return undefined;
    return new Map(places.map(([service, epoch, position]) => [service, { epoch, position }]));
  } catch {
    return undefined;
  }
}
