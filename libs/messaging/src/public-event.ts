import type { Scope } from '@ateneo/event-sourcing';

/** A public event on the bus and in the feed: CloudEvents 1.0 attributes with Ateneo's extensions, all lower case. Never personal data. */
export type PublicEvent<Type extends string = string, Data = unknown> = {
  readonly specversion: '1.0';
  readonly id: string;
  /** `<PUBLIC_URL>/<service>` */
  readonly source: string;
  /** `<context>.<noun-participle>.v<n>`, e.g. `logbook.entry-validated.v1` */
  readonly type: Type;
  /** The stream it comes from, e.g. `logbookEntry-0198…`; order is promised per subject. */
  readonly subject: string;
  readonly time: string;
  readonly datacontenttype: 'application/json';
  readonly schoolid?: string;
  readonly traineeid?: string;
  /** 0-63, FNV-1a-32 of the key (traineeId, else the stream's uuid). */
  readonly partition: number;
  /** Origin position: place in the store of `service`, of that epoch. */
  readonly position: number;
  readonly service: string;
  readonly epoch: string;
  readonly mappingversion: number;
  readonly actorid: string;
  /** W3C, of the span that stored it; absent where nothing was traced. */
  readonly traceparent?: string;
  readonly data: Data;
};

/** What a `*.published.ts` answers for a stored event: the public type and data, or nothing. */
export type Published = { readonly type: string; readonly data: object } | undefined;
export type PublishedScope = Scope;
