import type { Bus, Stop } from '@ateneo/messaging';

/** What a page follows: `id` is the changes' key, and absent where any change of the service counts. */
export type Topic = { readonly key: string; readonly service: string; readonly id?: string };
type Told = readonly (readonly [key: string, position: number])[];
type Change = { readonly key: string; readonly position: number };
type Follower = { readonly key: string; readonly page: PageNews };

const PAUSE_MS = 250;
const placeOf = (service: string, id?: string): string => (id === undefined ? service : `${service} ${id}`);

/** The services' words of changes, heard and read once for all open pages. */
export class News {
  readonly #followers = new Map<string, Set<Follower>>();
  readonly #stops: readonly Stop[];

  constructor(bus: Bus) {
    const stop = bus.onBroadcast('changed.*', (message, subject) =>
      this.#hear(subject.slice('changed.'.length), (message as { changes: readonly Change[] }).changes),
    );
    this.#stops = [stop, bus.onReconnect(() => this.#missed())];
  }

  close(): void {
    for (const stop of this.#stops) stop();
  }

  /** `tell` answers false where nothing can be told now: the next change tries again. */
  follow(topics: readonly Topic[], tell: (changes: Told) => Promise<boolean>): Stop {
    const page = new PageNews(tell);
    const left = topics.map(({ key, service, id }) => this.#add(placeOf(service, id), { key, page }));
    return () => left.forEach((leave) => leave());
  }

  #add(place: string, follower: Follower): Stop {
    const followers = this.#followers.get(place) ?? new Set();
    this.#followers.set(place, followers.add(follower));
    return () => {
      followers.delete(follower);
      if (followers.size === 0 && this.#followers.get(place) === followers) this.#followers.delete(place);
    };
  }

  #hear(service: string, changes: readonly Change[]): void {
    const last = changes.at(-1);
    if (!last) return;
    for (const { key, position } of changes) this.#note(placeOf(service, key), position);
    this.#note(placeOf(service), last.position);
  }

  /** Nobody knows what was said meanwhile: every page asks again. */
  #missed(): void {
    for (const followers of this.#followers.values()) for (const { key, page } of followers) page.note(key, 0);
  }

  #note(place: string, position: number): void {
    for (const { key, page } of this.#followers.get(place) ?? []) page.note(key, position);
  }
}

/** What a page has not been told yet: the last change of each key, told a few times a second. */
class PageNews {
  readonly #waiting = new Map<string, number>();
  #telling = false;

  constructor(private readonly tell: (changes: Told) => Promise<boolean>) {}

  note(key: string, position: number): void {
    this.#waiting.set(key, Math.max(position, this.#waiting.get(key) ?? 0));
    if (this.#telling) return;
    this.#telling = true;
    queueMicrotask(() => void this.#tellAll());
  }

  async #tellAll(): Promise<void> {
    for (let told = true; told && this.#waiting.size > 0;) {
      const now = [...this.#waiting];
      this.#waiting.clear();
      told = await this.tell(now);
      if (!told) for (const [key, position] of now) if (!this.#waiting.has(key)) this.#waiting.set(key, position);
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
    this.#telling = false;
  }
}
