import type { PublicEvent } from '@ateneo/messaging';

/** Delivered ones stay to be looked at: so many of each webhook. */
export const KEPT_DELIVERED = 200;
export const KEPT_DEAD_MS = 30 * 24 * 3_600_000;

export type WebhookState = 'active' | 'paused' | 'disabled';
export type Webhook = {
  readonly id: string;
  /** client id of the service account whose events these are */ readonly account: string;
  readonly url: string;
  /** types, or beginnings of types */ readonly types: readonly string[];
  readonly school: string | null;
  readonly state: WebhookState;
  readonly reason: string | null;
  readonly created: string;
  /** a cursor of the feed */ readonly cursor: string;
};
export type DeliveryState = 'waiting' | 'delivered' | 'dead';
export type Delivery = {
  readonly seq: number;
  readonly webhook: string;
  readonly event: string;
  readonly subject: string;
  readonly type: string;
  readonly time: string;
  readonly body: string;
  readonly state: DeliveryState;
  readonly attempts: number;
  /** ms since 1970 */ readonly first: number | null;
  /** null: waits for an earlier event of its subject */ readonly next: number | null;
  readonly at: number | null;
  readonly reason: string | null;
};
export type Counts = Readonly<Record<DeliveryState, number>> & { readonly lastDelivered: number | null };
export type CursorStep = { readonly from: string; readonly to: string };

/**
 * Webhooks, where each stands in the feed, and what waits for it: when the cursor has moved past events they are queued, and after a crash no event is
 * missing or queued twice. Only the first waiting event of a subject has a time to be tried at. Anyone registers and looks; one process takes in and delivers.
 */
export interface WebhookTable {
  /** Several gateways use it. */
  readonly shared: boolean;
  /** Puts right what a crash left half done; called by the process that takes in and delivers from now on. */
  begin(at: number): Promise<void>;
  all(): Promise<Webhook[]>;
  find(id: string): Promise<Webhook | undefined>;
  add(webhook: Webhook, secret: string): Promise<void>;
  change(id: string, state: WebhookState, reason: string | null): Promise<void>;
  remove(id: string): Promise<void>;
  /** The secret before it stays good until `until`. */
  rotate(id: string, secret: string, until: number): Promise<void>;
  /** What to sign with at that instant, the newest first. */
  secrets(id: string, at: number): Promise<string[]>;
  /** Queues events and moves the cursor past them; false, and nothing is done, where the webhook is gone or its cursor is not at `from` any more. */
  queue(id: string, events: readonly PublicEvent[], cursor: CursorStep, at: number): Promise<boolean>;
  /** Forgets what came from a service; its events are queued again from where the cursor says. */
  beginAnew(id: string, service: string, cursor: string): Promise<void>;
  /** First ones of their subjects whose time has come. */
  due(id: string, at: number, most: number): Promise<Delivery[]>;
  delivered(delivery: Delivery, at: number): Promise<void>;
  /** `next` undefined: its time is over, it is a dead letter and later events of its subject go on. */
  failed(delivery: Delivery, at: number, next: number | undefined, reason: string): Promise<void>;
  /** The account may no longer see it. */
  withhold(delivery: Delivery, at: number): Promise<void>;
  /** Dead letters wait again, before later events of their subjects: one, or all. Answers how many. */
  redeliver(id: string, at: number, event?: string): Promise<number>;
  /** The latest deliveries of a state, or of all. */
  deliveries(id: string, state: DeliveryState | undefined, most: number): Promise<Delivery[]>;
  waiting(id: string): Promise<number>;
  /** The latest attempt that failed and is not made good. */
  failing(id: string): Promise<Delivery | undefined>;
  counts(id: string): Promise<Counts>;
  /** Drops what is kept only to be looked at. */
  sweep(at: number): Promise<void>;
  close(): Promise<void>;
}
