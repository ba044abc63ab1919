import { identity, identityEvents, type Output } from '@ateneo/contracts';
import { ERASED, handlers, on } from '@ateneo/event-sourcing';
import type { ConsumerPosition, EventBatch, PublicEvent, RunningSubscription } from '@ateneo/messaging';
import type { Build, CollectionSpec } from '@ateneo/read-models';
import { type EventReader, follow, type Platform, type ServiceRuntime } from '@ateneo/service-kit';
import { Witnesses } from './witnesses.js';

export type PersonName = NonNullable<Output<typeof identity.names>['people'][string]>;
type Document = PersonName & { readonly personId: string };

const collator = new Intl.Collator('it', { sensitivity: 'base', numeric: true });
const collection: CollectionSpec<Document> = {
  name: 'people',
  version: 1,
  columns: {},
  personal: { fields: ['givenName', 'familyName', 'email', 'staffNumber'], person: ({ personId }) => personId },
};
/** Ids of a page, by what happened to the people. */
type Heard = { readonly changed: Set<string>; readonly erased: Set<string> };
const changed = ({ data }: { readonly data: { readonly personId: string } }, heard: Heard) => heard.changed.add(data.personId);
const people = handlers<PublicEvent, Heard, unknown>([
  on(identityEvents.personRegistered, changed),
  on(identityEvents.personDetailsChanged, changed),
  on(identityEvents.personErased, ({ data }, heard) => heard.erased.add(data.personId)),
]);
/** Stands among the followers of every service that starts a `Directory`. */
export const namesOfPeople: EventReader = { name: 'directory', public: people.public };
const PAGE = 500;
const NOBODY: ReadonlyMap<string, PersonName> = new Map();

/**
 * The names that a service lists, in memory for sorting and searching; at rest an own encrypted copy, so that no start depends on identity
 * and nobody's name stands anywhere in clear (architecture §4).
 */
export class Directory {
  readonly #names = new Map<string, PersonName>();
  readonly #ranks = new Map<string, number>();
  readonly #reached = new Map<string, ConsumerPosition>();
  /** Undefined while another instance writes. */
  #build: Build | undefined;
  #leave: (() => Promise<void>) | undefined;
  #running: RunningSubscription | undefined;
  #stale = true;
  /** The other instances, where there may be any. */
  #witnesses: Witnesses | undefined;
  /** The others may have held this instance to be gone, and told identity that all names are: nothing is said until what was missed is read. */
  #behind = false;

  constructor(
    private readonly runtime: ServiceRuntime,
    private readonly platform: Platform,
  ) {}

  async start(): Promise<void> {
    const { readModels, definition } = this.runtime;
    const build = await readModels.openBuild('directory', '1', [collection]);
    await this.#goOnAt(build);
    for (let last = ''; ;) {
      const rows = await build.scan('people', last, PAGE);
      for (const { id, document } of rows) if ((document as Document).familyName !== ERASED) this.#names.set(id, document as Document);
      if (rows.length < PAGE) break;
      last = rows.at(-1)?.id ?? '';
    }
    this.platform.health.watch(`${definition.name} directory`, () => (this.behind() > 0 ? 'catching up' : undefined));
    if (readModels.shared) this.#witnesses = this.#meetOthers();
    else this.#build = build;
    this.#running = follow(
      this.runtime,
      namesOfPeople,
      {
        from: (origin) => this.#reached.get(origin),
        caughtUp: () => void (this.#behind = false),
        onReset: async (origin) => {
          this.#reached.delete(origin);
          const restarted = { origin, epoch: '', mappingVersion: 0, position: 0 };
          await this.#build?.commit({ documents: [], checkpoints: [restarted], aside: [], released: [] });
        },
      },
      (batch) => this.#take(batch),
    );
    if (readModels.shared) this.#leave = await this.#takeTurns(build);
  }

  /** Every instance knows all names; the copy at rest is written by one, which goes on where the one before it stopped. */
  #takeTurns(build: Build): Promise<() => Promise<void>> {
    return this.runtime.alone('directory', {
      start: async () => {
        const claimed = (await build.claim?.('all')) ?? build;
        await this.#goOnAt(claimed);
        this.#build = claimed;
        this.#running?.restart();
      },
      stop: () => {
        this.#build = undefined;
      },
    });
  }

  #meetOthers(): Witnesses {
    const onReturn = () => {
      this.#behind = true;
      this.#running?.restart();
    };
    const { bus, leases } = this.platform;
    const witnesses = new Witnesses({ bus, service: this.runtime.definition.name, instance: leases.instance, onReturn });
    witnesses.start();
    return witnesses;
  }

  async #goOnAt(build: Build): Promise<void> {
    this.#reached.clear();
    for (const checkpoint of await build.checkpoints()) this.#reached.set(checkpoint.origin, checkpoint);
  }

  /** Events of people still to be taken in; 0 = at the head. */
  behind(): number {
    return (this.#running?.status() ?? []).reduce((sum, { waiting }) => sum + waiting, 0);
  }

  async stop(): Promise<void> {
    await this.#leave?.();
    this.#witnesses?.stop();
    await this.#running?.stop();
  }

  /** Family name first, as lists show it; `[erased]` for an erased person and where nobody is known. */
  name(personId: string): string {
    const known = this.find(personId);
    return known ? `${known.familyName} ${known.givenName}` : ERASED;
  }

  find(personId: string): PersonName | undefined {
    return this.#said.get(personId);
  }

  get #said(): ReadonlyMap<string, PersonName> {
    return this.#behind || this.#witnesses?.isUnheard ? NOBODY : this.#names;
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
    for (const [id, { givenName, familyName }] of this.#said) {
      const name = plain(`${familyName} ${givenName} ${familyName}`);
      if (words.every((word) => name.includes(word))) found.add(id);
    }
    return found;
  }

  /** The one person with this e-mail or staff number. */
  byMailOrNumber(text: string): string | undefined {
    const wanted = text.trim().toLowerCase();
    for (const [id, { email, staffNumber }] of this.#said)
      if (email.toLowerCase() === wanted || staffNumber?.toLowerCase() === wanted) return id;
    return undefined;
  }

  async #take(batch: EventBatch): Promise<void> {
    const heard: Heard = { changed: new Set(), erased: new Set() };
    for (const event of batch.events) people.handle(event, heard);
    const { changed, erased } = heard;
    for (const id of erased) await this.#forget(id);
    const ids = [...changed].filter((id) => !erased.has(id));
    const documents: Document[] = [];
    for (let i = 0; i < ids.length; i += PAGE) {
      const { people } = await this.runtime.client.call(identity.names, { personIds: ids.slice(i, i + PAGE) });
      for (const [personId, name] of Object.entries(people)) if (name) documents.push({ personId, ...name });
    }
    const { epoch, mappingVersion, next: position } = batch;
    await this.#build?.commit({
      documents: [
        ...documents.map((document) => ({ collection: 'people', id: document.personId, document, positions: {} })),
        ...[...erased].map((id) => ({ collection: 'people', id, document: undefined, positions: {} })),
      ],
      checkpoints: [{ origin: batch.service, epoch, mappingVersion, position }],
      aside: [],
      released: [],
    });
    this.#reached.set(batch.service, { epoch, mappingVersion, position });
    for (const document of documents) this.#names.set(document.personId, document);
    if (documents.length > 0 || erased.size > 0) this.#stale = true;
  }

  /** Key and name go, documents kept in memory are read anew; identity is told when every instance that lives has done so (architecture §4, Erasure). */
  async #forget(personId: string): Promise<void> {
    const { keys, runner, client, definition } = this.runtime;
    await keys.destroy(personId);
    this.#names.delete(personId);
    await runner.dropCaches();
    this.#witnesses?.forgot(personId);
    if (!this.#build) return;
    await this.#witnesses?.everyoneForgot(personId);
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
