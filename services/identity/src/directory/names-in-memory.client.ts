import { Inject, Injectable } from '@nestjs/common';
import type { Role } from '@ateneo/contracts';
import { ERASED } from '@ateneo/event-sourcing';
import { type Component, RUNTIME, type ServiceRuntime } from '@ateneo/service-kit';
import { directory, directoryCollection, type DirectoryEntry } from './directory.projection.js';

const collator = new Intl.Collator('it', { sensitivity: 'base', numeric: true });
const plain = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

/** The directory in memory, open and in Italian order: what is ciphertext at rest cannot be sorted or searched there. */
@Injectable()
export class NamesInMemory implements Component {
  readonly #entries = new Map<string, DirectoryEntry>();
  #taking: Promise<void> = Promise.resolve();
  #sorted: DirectoryEntry[] | undefined;
  #stop: (() => void) | undefined;

  constructor(@Inject(RUNTIME) private readonly runtime: ServiceRuntime) {}

  async start(): Promise<void> {
    this.#stop = this.runtime.onChange((changes) =>
      this.#take(changes.filter(({ projection }) => projection === directory.name).map(({ key }) => key)),
    );
    for (const entry of await this.runtime.collection(directoryCollection).find({})) this.#entries.set(entry.personId, entry);
    this.#sorted = undefined;
  }

  stop(): void {
    this.#stop?.();
  }

  /** By family name; erased people last. */
  async find({ search, role }: { readonly search?: string; readonly role?: Role }): Promise<DirectoryEntry[]> {
    await this.#taking;
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

  #take(ids: readonly string[]): void {
    if (ids.length === 0) return;
    this.#taking = this.#taking.then(async () => {
      const found = await this.runtime.collection(directoryCollection).getMany([...new Set(ids)]);
      for (const [id, entry] of found) this.#entries.set(id, entry);
      this.#sorted = undefined;
    });
  }
}

function matchesAll({ givenName, familyName, email, staffNumber, erased }: DirectoryEntry, words: readonly string[]): boolean {
  if (words.length === 0) return true;
  const text = erased ? ERASED : plain(`${givenName} ${familyName} ${email} ${staffNumber ?? ''}`);
  return words.every((word) => text.includes(word));
}
