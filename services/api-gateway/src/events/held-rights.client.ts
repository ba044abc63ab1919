import type { FastifyRequest } from 'fastify';
import type { GatewayParts } from '../gateway-parts.module.js';
import type { ActorCaller } from '../guard/actors.client.js';

/** A word of a change may be lost: with what is kept of an actor, a right that ended is noticed within ten seconds. */
const AGAIN_MS = 4_000;
/** A stream goes on while nobody can be asked, so that a restart of identity ends none. */
const UNASKED_MS = 10_000;

export type Standing = { readonly is: 'may'; readonly caller: ActorCaller } | { readonly is: 'lost'; readonly code: string };

/** The rights of the account that holds a stream open: looked at again at each change of that account and every few seconds. */
export class HeldRights {
  readonly #stops: (() => void)[];
  #profiles: string;
  #known: { readonly at: number; readonly caller: ActorCaller };

  constructor(
    private readonly parts: Pick<GatewayParts, 'guard' | 'actors'>,
    private readonly request: FastifyRequest,
    private readonly first: ActorCaller,
    /** Told of other profiles of the account, and of its loss. */
    private readonly changed: (now: Standing) => void,
  ) {
    this.#profiles = JSON.stringify(first.actor.profiles);
    this.#known = { at: performance.now(), caller: first };
    const timer = setInterval(() => void this.#look(), AGAIN_MS).unref();
    const stop = parts.actors.onChange((ids) => {
      if (!ids || ids.has(first.actor.id)) void this.#look();
    });
    this.#stops = [() => clearInterval(timer), stop];
  }

  /** What the request that opened the stream would be told now. */
  async ask(): Promise<Standing> {
    try {
      const who = await this.parts.guard.authenticate('GET', this.request.headers);
      if (who.is === 'actor' && who.actor.id === this.first.actor.id) {
        this.#known = { at: performance.now(), caller: who };
        return { is: 'may', caller: who };
      }
      return { is: 'lost', code: who.is === 'refused' ? who.code : 'sign-in-needed' };
    } catch {
      const { at, caller } = this.#known;
      return performance.now() - at < UNASKED_MS ? { is: 'may', caller } : { is: 'lost', code: 'service-unavailable' };
    }
  }

  close(): void {
    for (const stop of this.#stops) stop();
  }

  async #look(): Promise<void> {
    const now = await this.ask();
    const profiles = now.is === 'may' ? JSON.stringify(now.caller.actor.profiles) : '';
    if (profiles === this.#profiles) return;
    this.#profiles = profiles;
    this.changed(now);
  }
}
