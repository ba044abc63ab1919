import { Injectable } from '@nestjs/common';
import type { Role } from '@ateneo/contracts';
import { AwayError, ERASED, Trouble } from '@ateneo/event-sourcing';
import { type Component, Platform, ServiceRuntime } from '@ateneo/service-kit';
import { directory, directoryCollection, type DirectoryEntry } from './directory.projection.js';

const collator = new Intl.Collator('it', { sensitivity: 'base', numeric: true });
const plain = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

/** The directory in memory, open and in Italian order: what is ciphertext at rest cannot be sorted or searched there. */
@Injectable()
export class NamesInMemory implements Component {
  readonly #entries = new Map<string, DirectoryEntry>();
  #taking: Promise<void> = Promise.resolve();
  #sorted: DirectoryEntry[] | undefined;
  /** Changes were lost to a failure. */
  #missed = false;
  readonly #trouble: Trouble;
  #stop: (() => void) | undefined;

  constructor(
    private readonly runtime: ServiceRuntime,
    platform: Platform,
  ) {
    this.#trouble = new Trouble(platform.onProblem, { part: 'read-models', what: 'names in memory', service: 'identity' });
  }

  async start(): Promise<void> {
    this.#stop = this.runtime.onChange((changes) => {
      if (changes.length === 0) return this.#after(() => this.#takeAll());
      const ids = changes.filter(({ projection }) => projection === directory.name).map(({ key }) => key);
      if (ids.length > 0) this.#after(() => this.#take(ids));
    });
    await this.#takeAll();
  }

  stop(): void {
    this.#stop?.();
  }

  /** By family name; erased people last. Throws AwayError where changes were missed and cannot be read: an erased name may be among them. */
  async find({ search, role }: { readonly search?: string; readonly role?: Role }): Promise<DirectoryEntry[]> {
    if (this.#missed) this.#after(() => this.#takeAll());
    await this.#taking;
    if (this.#missed) throw new AwayError('the directory could not be read again after a failure');
    this.#sorted ??= [...this.#entries.values()].sort(
      (a, b) => Number(a.erased) - Number(b.erased) || collator.compare(`${a.familyName} ${a.givenName}`, `${b.familyName} ${b.givenName}`),
    );
    const words = plain(search ?? '')
      .split(/\s+/)
      .filter(Boolean);
    return this.#sorted.filter(
      (entry) => (role === undefined || entry.profiles.some((profile) => profile.role === role)) && matchesAll(entry, words),
    );
  }

  /** One after another. What failed is told, and all is read anew before the next answer: a name that is gone is said no more. */
  #after(take: () => Promise<void>): void {
    this.#taking = this.#taking
      .then(() => (this.#missed ? this.#takeAll() : take()))
      .then(
        () => this.#trouble.over(),
        (error: unknown) => {
          this.#missed = true;
          this.#trouble.fails(error);
        },
      );
  }

  async #takeAll(): Promise<void> {
    const found = await this.runtime.collection(directoryCollection).find({});
    this.#entries.clear();
    for (const entry of found) this.#entries.set(entry.personId, entry);
    [this.#sorted, this.#missed] = [undefined, false];
  }

  async #take(ids: readonly string[]): Promise<void> {
    const found = await this.runtime.collection(directoryCollection).getMany([...new Set(ids)]);
    for (const [id, entry] of found) this.#entries.set(id, entry);
    this.#sorted = undefined;
  }
}

function matchesAll({ givenName, familyName, email, staffNumber, erased }: DirectoryEntry, words: readonly string[]): boolean {
  if (words.length === 0) return true;
  const text = erased ? ERASED : plain(`${givenName} ${familyName} ${email} ${staffNumber ?? ''}`);
  return words.every((word) => text.includes(word));
}
