/** An event of the public feed: CloudEvents 1.0 (docs/event-catalogue.md names the types). */
export type FeedEvent = {
  readonly specversion: '1.0';
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly subject: string;
  readonly time: string;
  readonly schoolid?: string;
  readonly traineeid?: string;
  readonly data: unknown;
};
export type FeedPage = {
  readonly events: readonly FeedEvent[];
  /** opaque; ask for it next, and keep it to go on later */ readonly next: string;
};
export type FeedFilter = {
  /** a type or the beginning of one: `logbook.` */ readonly type?: string;
  readonly subject?: string;
  readonly cursor?: string;
  readonly limit?: number;
};

export const feedAddress = (filter: FeedFilter): string => {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(filter)) if (value !== undefined) query.set(name, String(value));
  return `/api/events${query.size > 0 ? `?${query}` : ''}`;
};
