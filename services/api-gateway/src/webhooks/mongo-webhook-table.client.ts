import { connectMongo, databaseOf, isDuplicatesOnly } from '@ateneo/event-sourcing/mongo';
import type { PublicEvent } from '@ateneo/messaging';
import { type Connection, mongo } from 'mongoose';
import { SealedText } from '../sign-in/sealed-text.rules.js';
import {
  type Counts,
  type CursorStep,
  type Delivery,
  type DeliveryState,
  KEPT_DEAD_MS,
  KEPT_DELIVERED,
  type Webhook,
  type WebhookState,
  type WebhookTable,
} from './webhook-table.client.js';

type Secrets = { readonly sealed: mongo.Binary; readonly before: mongo.Binary | null; readonly beforeUntil: number | null };
type WebhookDocument = Omit<Webhook, 'id'> & Secrets & { readonly _id: string };
/** `_id`: webhook and event, so that an event is queued once. */
type DeliveryDocument = Delivery & { readonly _id: string };
type Line = { readonly webhook: string; readonly subject: string };

const NEWEST_FIRST = { seq: -1 } as const;
const WAITING = 'waiting';

/**
 * Webhooks that all gateways share. Each step is one write and safe to repeat: events are queued before the cursor moves past them; which event of a
 * subject is tried next is written after what happened to the one before, and again at `begin` where a crash came between.
 */
class MongoWebhookTable implements WebhookTable {
  readonly shared = true;
  readonly #webhooks: mongo.Collection<WebhookDocument>;
  readonly #deliveries: mongo.Collection<DeliveryDocument>;
  readonly #numbers: mongo.Collection<{ _id: string; last: number }>;
  /** Lines whose next event could not be written. */
  readonly #unwritten = new Map<string, Line>();

  constructor(
    private readonly connection: Connection,
    database: mongo.Db,
    private readonly sealed: SealedText,
  ) {
    this.#webhooks = database.collection('webhooks');
    this.#deliveries = database.collection('webhook-deliveries');
    this.#numbers = database.collection('webhook-numbers');
  }

  async open(): Promise<void> {
    await this.#deliveries.createIndex({ webhook: 1, state: 1, next: 1, seq: 1 });
    await this.#deliveries.createIndex({ webhook: 1, subject: 1, state: 1, seq: 1 });
    await this.#deliveries.createIndex({ webhook: 1, state: 1, seq: 1 });
    await this.#deliveries.createIndex({ state: 1, at: 1 });
  }

  async begin(at: number): Promise<void> {
    const held = await this.#deliveries.find({ state: WAITING }, { projection: { webhook: 1, subject: 1 } }).toArray();
    const lines = new Map(held.map(({ webhook, subject }) => [`${webhook} ${subject}`, { webhook, subject }]));
    for (const line of lines.values()) await this.#line(line, at);
  }

  async all(): Promise<Webhook[]> {
    return (await this.#webhooks.find().sort({ created: 1, _id: 1 }).toArray()).map(webhookOf);
  }

  async find(id: string): Promise<Webhook | undefined> {
    const found = await this.#webhooks.findOne({ _id: id });
    return found ? webhookOf(found) : undefined;
  }

  async add({ id, ...webhook }: Webhook, secret: string): Promise<void> {
    await this.#webhooks.insertOne({ _id: id, ...webhook, sealed: this.#seal(secret), before: null, beforeUntil: null });
  }

  async change(id: string, state: WebhookState, reason: string | null): Promise<void> {
    await this.#webhooks.updateOne({ _id: id }, { $set: { state, reason } });
  }

  /** What is queued meanwhile, or left by a crash, is swept. */
  async remove(id: string): Promise<void> {
    await this.#webhooks.deleteOne({ _id: id });
    await this.#deliveries.deleteMany({ webhook: id });
  }

  async rotate(id: string, secret: string, until: number): Promise<void> {
    const found = await this.#webhooks.findOne({ _id: id });
    if (!found) return;
    const change = { before: found.sealed, beforeUntil: until, sealed: this.#seal(secret) };
    await this.#webhooks.updateOne({ _id: id }, { $set: change });
  }

  async secrets(id: string, at: number): Promise<string[]> {
    const found = await this.#webhooks.findOne({ _id: id });
    if (!found) return [];
    const { sealed, before, beforeUntil } = found;
    return [sealed, ...(before && (beforeUntil ?? 0) > at ? [before] : [])].map((one) => this.sealed.open(one.value()));
  }

  async queue(id: string, events: readonly PublicEvent[], { from, to }: CursorStep, at: number): Promise<boolean> {
    if ((await this.find(id))?.cursor !== from) return false;
    if (events.length > 0) await this.#insert(id, events);
    for (const subject of new Set(events.map((event) => event.subject))) await this.#line({ webhook: id, subject }, at);
    return (await this.#webhooks.updateOne({ _id: id, cursor: from }, { $set: { cursor: to } })).matchedCount === 1;
  }

  async beginAnew(id: string, service: string, cursor: string): Promise<void> {
    await this.#deliveries.deleteMany({ webhook: id, type: { $regex: `^${service}\\.` } });
    await this.#webhooks.updateOne({ _id: id }, { $set: { cursor } });
  }

  async due(id: string, at: number, most: number): Promise<Delivery[]> {
    for (const line of [...this.#unwritten.values()]) await this.#line(line, at);
    const found = await this.#deliveries
      .find({ webhook: id, state: WAITING, next: { $ne: null, $lte: at } })
      .sort({ next: 1, seq: 1 })
      .limit(most)
      .toArray();
    return found.map(deliveryOf);
  }

  async delivered({ webhook, event, subject }: Delivery, at: number): Promise<void> {
    const change = { state: 'delivered', body: '', at, next: null, reason: null } as const;
    await this.#deliveries.updateOne({ _id: keyOf(webhook, event) }, { $set: change, $inc: { attempts: 1 } });
    await this.#line({ webhook, subject }, at);
  }

  async failed({ webhook, event, subject, first }: Delivery, at: number, next: number | undefined, reason: string): Promise<void> {
    const change = { state: next === undefined ? 'dead' : WAITING, first: first ?? at, at, next: next ?? null, reason } as const;
    await this.#deliveries.updateOne({ _id: keyOf(webhook, event) }, { $set: change, $inc: { attempts: 1 } });
    await this.#line({ webhook, subject }, at);
  }

  async withhold({ webhook, event, subject }: Delivery, at: number): Promise<void> {
    await this.#deliveries.deleteOne({ _id: keyOf(webhook, event) });
    await this.#line({ webhook, subject }, at);
  }

  async redeliver(id: string, at: number, event?: string): Promise<number> {
    const wanted = { webhook: id, state: 'dead' as const, ...(event === undefined ? {} : { event }) };
    const chosen = await this.#deliveries.find(wanted, { projection: { subject: 1 } }).toArray();
    const change = { state: WAITING, attempts: 0, first: null, next: null } as const;
    await this.#deliveries.updateMany({ _id: { $in: chosen.map(({ _id }) => _id) }, state: 'dead' }, { $set: change });
    for (const subject of new Set(chosen.map((one) => one.subject))) await this.#line({ webhook: id, subject }, at);
    return chosen.length;
  }

  async deliveries(id: string, state: DeliveryState | undefined, most: number): Promise<Delivery[]> {
    const wanted = { webhook: id, ...(state === undefined ? {} : { state }) };
    return (await this.#deliveries.find(wanted).sort(NEWEST_FIRST).limit(most).toArray()).map(deliveryOf);
  }

  waiting(id: string): Promise<number> {
    return this.#deliveries.countDocuments({ webhook: id, state: WAITING });
  }

  async failing(id: string): Promise<Delivery | undefined> {
    const wanted = { webhook: id, state: { $in: [WAITING, 'dead'] as DeliveryState[] }, reason: { $ne: null } };
    const [latest] = await this.#deliveries.find(wanted).sort({ at: -1 }).limit(1).toArray();
    return latest && deliveryOf(latest);
  }

  async counts(id: string): Promise<Counts> {
    const count = (state: DeliveryState) => this.#deliveries.countDocuments({ webhook: id, state });
    const [waiting, delivered, dead] = await Promise.all([count(WAITING), count('delivered'), count('dead')]);
    const [last] = await this.#deliveries.find({ webhook: id, state: 'delivered' }).sort({ at: -1 }).limit(1).toArray();
    return { waiting, delivered, dead, lastDelivered: last?.at ?? null };
  }

  async sweep(at: number): Promise<void> {
    const webhooks = await this.all();
    for (const { id } of webhooks) {
      const [oldest] = await this.#deliveries
        .find({ webhook: id, state: 'delivered' })
        .sort(NEWEST_FIRST)
        .skip(KEPT_DELIVERED)
        .limit(1)
        .toArray();
      if (oldest) await this.#deliveries.deleteMany({ webhook: id, state: 'delivered', seq: { $lte: oldest.seq } });
    }
    await this.#deliveries.deleteMany({ state: 'dead', at: { $lt: at - KEPT_DEAD_MS } });
    await this.#deliveries.deleteMany({ webhook: { $nin: webhooks.map(({ id }) => id) } });
  }

  async close(): Promise<void> {
    await this.connection.close();
  }

  async #insert(webhook: string, events: readonly PublicEvent[]): Promise<void> {
    const step = { $inc: { last: events.length } };
    const numbers = await this.#numbers.findOneAndUpdate({ _id: 'delivery' }, step, { upsert: true, returnDocument: 'after' });
    const before = (numbers?.last ?? events.length) - events.length;
    const made = events.map((event, i): DeliveryDocument => {
      const { id, subject, type, time } = event;
      const empty = { attempts: 0, first: null, next: null, at: null, reason: null };
      const what = { webhook, event: id, subject, type, time, body: JSON.stringify(event) };
      return { _id: keyOf(webhook, id), seq: before + i + 1, ...what, state: WAITING, ...empty };
    });
    await this.#deliveries.insertMany(made, { ordered: false }).catch((error: unknown) => {
      if (!isDuplicatesOnly(error)) throw error;
    });
  }

  /** Lets the first waiting event of a subject be tried, and it alone. */
  async #line(line: Line, at: number): Promise<void> {
    const key = `${line.webhook} ${line.subject}`;
    this.#unwritten.set(key, line);
    const waiting = { ...line, state: WAITING } as const;
    const [first] = await this.#deliveries.find(waiting).sort({ seq: 1 }).limit(1).toArray();
    if (first) {
      await this.#deliveries.updateMany({ ...waiting, seq: { $gt: first.seq }, next: { $ne: null } }, { $set: { next: null } });
      await this.#deliveries.updateOne({ _id: first._id, state: WAITING, next: null }, { $set: { next: at } });
    }
    this.#unwritten.delete(key);
  }

  #seal(secret: string): mongo.Binary {
    return new mongo.Binary(this.sealed.seal(secret));
  }
}

const keyOf = (webhook: string, event: string): string => `${webhook} ${event}`;
const webhookOf = ({ _id: id, sealed: _sealed, before: _before, beforeUntil: _until, ...webhook }: WebhookDocument): Webhook => ({
  id,
  ...webhook,
});
const deliveryOf = ({ _id, ...delivery }: DeliveryDocument): Delivery => delivery;

/** Throws MongoUnavailableError. */
export async function openMongoWebhookTable(url: string, masterKey: Buffer, database = 'ateneo_api-gateway'): Promise<WebhookTable> {
  const connection = await connectMongo(url);
  const table = new MongoWebhookTable(connection, databaseOf(connection, database), new SealedText(masterKey));
  try {
    await table.open();
    return table;
  } catch (error) {
    await connection.close();
    throw error;
  }
}
