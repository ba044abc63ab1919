import { Trouble, unheard } from '@ateneo/event-sourcing';
import { setTimeout as pause } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { type Component, Platform, ServiceRuntime } from '@ateneo/service-kit';
import { directory, directoryCollection } from '../directory/directory.projection.js';
import { isFirstAdministrator } from '../first-administrator/first-administrator.worker.js';
import { FIRST_ACCESS, type FirstAccess, REALM_ACCESS, type RealmAccess } from '../identity.config.js';
import { People } from '../person/people.lookup.js';
import { isAsWanted, personOf, type RealmUser, type WantedUser, wantedUser, withWanted } from './realm-user.rules.js';
import { RealmRefusedError, RealmUsers } from './realm-users.client.js';

/** Roles end by themselves, and the realm may be changed by others: everybody is looked at again so often. */
const COMPARE_MS = 3_600_000;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;

const PLACE = { part: 'accounts', service: 'identity' } as const;

class UnknownAccounts extends Error {
  override readonly name = 'UnknownAccounts';
  constructor(count: number) {
    super(`${count} with a personId that identity does not know`);
  }
}

type Outcome = 'same' | 'created' | 'changed' | 'closed' | 'removed' | 'refused';

/** Keeps the accounts of a Keycloak in step with the people of identity: on one instance, at each start, after each change, and every hour. */
@Injectable()
export class RealmKeeper implements Component {
  readonly #realm: RealmUsers | undefined;
  readonly #waiting = new Set<string>();
  readonly #trouble: Trouble;
  #compareAt = 0;
  #wake: () => void = () => undefined;
  #leave: (() => Promise<void>) | undefined;
  #end: (() => Promise<void>) | undefined;

  constructor(
    @Inject(REALM_ACCESS) access: RealmAccess | undefined,
    @Inject(FIRST_ACCESS) private readonly first: FirstAccess,
    private readonly runtime: ServiceRuntime,
    private readonly platform: Platform,
    private readonly people: People,
  ) {
    this.#realm = access && new RealmUsers(access);
    this.#trouble = new Trouble(platform.onProblem, { ...PLACE, what: 'accounts follow the people of identity' });
  }

  async start(): Promise<void> {
    const realm = this.#realm;
    if (!realm) return;
    this.#leave = await this.runtime.alone('realm-users', { start: () => this.#begin(realm), stop: () => this.#end?.() });
  }

  async stop(): Promise<void> {
    await this.#leave?.();
  }

  #begin(realm: RealmUsers): void {
    const stopping = new AbortController();
    this.#compareAt = 0;
    const untell = this.runtime.onChange((changes) => {
      if (changes.length === 0) this.#compareAt = 0;
      for (const { projection, key } of changes) if (projection === directory.name) this.#waiting.add(key);
      this.#wake();
    });
    const running = this.#run(realm, stopping.signal);
    this.#end = async () => {
      untell();
      stopping.abort();
      this.#wake();
      await running;
      this.#trouble.over();
    };
  }

  async #run(realm: RealmUsers, stopping: AbortSignal): Promise<void> {
    for (let pauseMs = FIRST_PAUSE_MS; !stopping.aborted;) {
      try {
        if (performance.now() >= this.#compareAt) await this.#compareAll(realm, stopping);
        await this.#catchUp(realm, stopping);
        this.#trouble.over();
        pauseMs = FIRST_PAUSE_MS;
        await this.#news(stopping);
      } catch (error) {
        if (stopping.aborted) return;
        this.#trouble.fails(error);
        await pause(pauseMs, undefined, { signal: stopping }).catch(unheard('stopped: the loop looks at it'));
        pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
      }
    }
  }

  async #news(stopping: AbortSignal): Promise<void> {
    if (this.#waiting.size > 0 || stopping.aborted) return;
    const ms = Math.max(0, this.#compareAt - performance.now());
    const timer = new AbortController();
    const woken = new Promise<void>((resolve) => (this.#wake = resolve));
    await Promise.race([
      woken,
      pause(ms, undefined, { signal: timer.signal, ref: false }).catch(unheard('woken: that is how the pause ends early')),
    ]);
    timer.abort();
  }

  async #catchUp(realm: RealmUsers, stopping: AbortSignal): Promise<void> {
    for (const personId of [...this.#waiting]) {
      if (stopping.aborted) return;
      this.#waiting.delete(personId);
      try {
        await this.#settle(realm, personId, await realm.ofPerson(personId));
      } catch (error) {
        this.#waiting.add(personId);
        throw error;
      }
    }
  }

  async #compareAll(realm: RealmUsers, stopping: AbortSignal): Promise<void> {
    const accounts = new Map<string, RealmUser>();
    for await (const page of realm.pages()) for (const user of page) accounts.set(personOf(user) ?? '', user);
    accounts.delete('');
    const tally: Record<Outcome | 'unknown', number> = { same: 0, created: 0, changed: 0, closed: 0, removed: 0, refused: 0, unknown: 0 };
    for (const { personId } of await this.runtime.collection(directoryCollection).find({})) {
      if (stopping.aborted) return;
      tally[await this.#settle(realm, personId, accounts.get(personId))]++;
      accounts.delete(personId);
    }
    tally.unknown = accounts.size;
    this.#compareAt = performance.now() + COMPARE_MS;
    this.runtime.log.info(tally, 'accounts of the realm compared with the people of identity');
    if (tally.unknown > 0)
      this.platform.onProblem({ ...PLACE, is: 'happened', what: 'accounts of nobody', error: new UnknownAccounts(tally.unknown) });
  }

  /** Safe to repeat. Rejects where the realm does not answer. */
  async #settle(realm: RealmUsers, personId: string, account: RealmUser | undefined): Promise<Outcome> {
    const person = await this.people.person(personId);
    if (person.is === 'absent') return 'same';
    try {
      if (person.is === 'known') return await this.#keep(realm, wantedUser(person, this.platform.clock.today()), account);
      if (!account) return 'same';
      await realm.remove(account.id);
      return 'removed';
    } catch (error) {
      if (!(error instanceof RealmRefusedError)) throw error;
      this.platform.onProblem({ ...PLACE, is: 'happened', what: `account of ${personId}`, error });
      return 'refused';
    }
  }

  async #keep(realm: RealmUsers, wanted: WantedUser, account: RealmUser | undefined): Promise<Outcome> {
    const found = account ?? (await realm.named(wanted.username));
    if (!found) {
      await realm.create({ ...withWanted({}, wanted), ...this.#credentialsFor(wanted) });
      return 'created';
    }
    if ((personOf(found) ?? wanted.personId) !== wanted.personId) throw new RealmRefusedError('the user name belongs to another person');
    if (isAsWanted(found, wanted)) return 'same';
    await realm.update(found.id, withWanted(found, wanted));
    if (wanted.enabled || !found.enabled) return 'changed';
    // a disabled account renews no session: what is left of them goes with this
    await realm.endSessions(found.id);
    return 'closed';
  }

  /** Nobody but the first administrator gets any: a password that must be changed at the first sign-in, made together with the account. */
  #credentialsFor({ personId }: WantedUser): object {
    if (this.first.secret === undefined || !isFirstAdministrator(personId)) return {};
    return { credentials: [{ type: 'password', value: this.first.secret, temporary: true }] };
  }
}
