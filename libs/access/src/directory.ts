import { identity, type Output } from '@ateneo/contracts';
import { ERASED } from '@ateneo/event-sourcing';
import type { EventBatch, RunningSubscription } from '@ateneo/messaging';
import type { Build, CollectionSpec } from '@ateneo/read-models';
import type { Platform, ServiceRuntime } from '@ateneo/service-kit';

export type PersonName = NonNullable<Output<typeof identity.names>['people'][string]>;
type Document = PersonName & { readonly personId: string };

const collator = new Intl.Collator('it', { sensitivity: 'base', numeric: true });
const collection: CollectionSpec<Document> = {
  name: 'people',
  version: 1,
  columns: {},
  personal: { fields: ['givenName', 'familyName', 'email', 'staffNumber'], person: ({ personId }) => personId },
};
const TYPES = ['identity.person-registered.v1', 'identity.person-details-changed.v1', 'identity.person-erased.v1'];
const PAGE = 500;

/**
 * The names that a service lists, in memory for sorting and searching; at rest an own encrypted copy, so that no start depends on identity
 * and nobody's name stands anywhere in clear (architecture §4).
 */
export class Directory {
  readonly #names = new Map<string, PersonName>();
  readonly #ranks = new Map<string, number>();
  #build: Build | undefined;
  #running: RunningSubscription | undefined;
  #stale = true;

  constructor(
    private readonly runtime: ServiceRuntime,
    private readonly platform: Platform,
  ) {}

  async start(): Promise<void> {
    const { readModels, definition } = this.runtime;
    this.#build = await readModels.openBuild('directory', '1', [collection]);
    for (let last = ''; ;) {
      const rows = await this.#build.scan('people', last, PAGE);
      for (const { id, document } of rows) if ((document as Document).familyName !== ERASED) this.#names.set(id, document as Document);
      if (rows.length < PAGE) break;
      last = rows.at(-1)?.id ?? '';
    }
    this.platform.health.watch(`${definition.name} directory`, () => (this.behind() > 0 ? 'catching up' : undefined));
    this.#running = this.platform.eventBus.subscribe(
      {
        consumer: `${definition.name}/directory`,
        types: TYPES,
        from: async (origin) => (await this.#build?.checkpoints())?.find((one) => one.origin === origin),
        onReset: async (origin) => {
          const restarted = { origin, epoch: '', mappingVersion: 0, position: 0 };
          await this.#build?.commit({ documents: [], checkpoints: [restarted], aside: [], released: [] });
        },
      },
      (batch) => this.#take(batch),
    );
  }

  /** Events of people still to be taken in; 0 = at the head. */
  behind(): number {
    return (this.#running?.status() ?? []).reduce((sum, { position, head }) => sum + Math.max(0, head - position), 0);
  }

  stop(): Promise<void> {
    return this.#running?.stop() ?? Promise.resolve();
  }

  /** Family name first, as lists show it; `[erased]` for an erased person, the id where nobody is known. */
  name(personId: string): string {
    const known = this.#names.get(personId);
    return known ? `${known.familyName} ${known.givenName}` : ERASED;
  }

  find(personId: string): PersonName | undefined {
    return this.#names.get(personId);
  }

  /** Place of a person in the Italian alphabet: for sorting thousands without comparing names each time. */
  rank(personId: string): number {
    if (this.#stale) this.#rankAll();
    return this.#ranks.get(personId) ?? Number.MAX_SAFE_INTEGER;
  }

  /** Ids of the people whose name holds every word of the text, accents and case aside. */
  search(text: string): Set<string> {
    const words = plain(text).split(/\s+/).filter(Boolean);
    const found = new Set<string>();
    for (const [id, { givenName, familyName }] of this.#names) {
      const name = plain(`${familyName} ${givenName} ${familyName}`);
      if (words.every((word) => name.includes(word))) found.add(id);
    }
    return found;
  }

  /** The one person with this e-mail or staff number. */
  byMailOrNumber(text: string): string | undefined {
    const wanted = text.trim().toLowerCase();
    for (const [id, { email, staffNumber }] of this.#names)
      if (email.toLowerCase() === wanted || staffNumber?.toLowerCase() === wanted) return id;
    return undefined;
  }

  async #take(batch: EventBatch): Promise<void> {
    const erased = new Set<string>();
    const changed = new Set<string>();
    for (const { type, data } of batch.events) {
      const { personId } = data as { personId: string };
      if (type === 'identity.person-erased.v1') erased.add(personId);
      else changed.add(personId);
    }
    for (const id of erased) await this.#forget(id);
    const ids = [...changed].filter((id) => !erased.has(id));
    const documents: Document[] = [];
    for (let i = 0; i < ids.length; i += PAGE) {
      const { people } = await this.runtime.client.call(identity.names, { personIds: ids.slice(i, i + PAGE) });
      for (const [personId, name] of Object.entries(people)) if (name) documents.push({ personId, ...name });
    }
    await this.#build?.commit({
      documents: [
        ...documents.map((document) => ({ collection: 'people', id: document.personId, document, positions: {} })),
        ...[...erased].map((id) => ({ collection: 'people', id, document: undefined, positions: {} })),
      ],
      checkpoints: [{ origin: batch.service, epoch: batch.epoch, mappingVersion: batch.mappingVersion, position: batch.next }],
      aside: [],
      released: [],
    });
    for (const document of documents) this.#names.set(document.personId, document);
    if (documents.length > 0 || erased.size > 0) this.#stale = true;
  }

  /** Key and name go, documents kept in memory are read anew, then identity is told (architecture §4, Erasure). */
  async #forget(personId: string): Promise<void> {
    const { keys, runner, client, definition } = this.runtime;
    await keys.destroy(personId);
    this.#names.delete(personId);
    await runner.dropCaches();
    await client.call(identity.confirmForgotten, { personId, service: definition.name });
  }

  #rankAll(): void {
    const sorted = [...this.#names].sort(
      ([, a], [, b]) => collator.compare(a.familyName, b.familyName) || collator.compare(a.givenName, b.givenName),
    );
    this.#ranks.clear();
    sorted.forEach(([id], place) => this.#ranks.set(id, place));
    this.#stale = false;
  }
}

const plain = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
