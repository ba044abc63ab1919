import { identity } from '@ateneo/contracts';
import type { Caller, OperationClient } from '@ateneo/service-kit';

const KEPT_MS = 10_000;
const MOST = 20_000;

type ActorCaller = Extract<Caller, { is: 'actor' }>;
type Known = { readonly caller: ActorCaller | undefined; readonly until: number };

/** Who stands behind a subject: asked of identity, known for ten seconds, forgotten at once when identity says so. */
export class Actors {
  readonly #known = new Map<string, Known>();
  readonly #asking = new Map<string, Promise<ActorCaller | undefined>>();

  constructor(
    private readonly operations: OperationClient,
    private readonly now: () => number = Date.now,
  ) {}

  async find(subject: string): Promise<ActorCaller | undefined> {
    const known = this.#known.get(subject);
    if (known && known.until > this.now()) return known.caller;
    let asking = this.#asking.get(subject);
    if (!asking) {
      asking = this.#ask(subject).finally(() => this.#asking.delete(subject));
      this.#asking.set(subject, asking);
    }
    return asking;
  }

  forget(): void {
    this.#known.clear();
  }

  async #ask(subject: string): Promise<ActorCaller | undefined> {
    const reply = await this.operations.call(identity.findActor, { subject }, { is: 'service', service: 'api-gateway' });
    if (!reply.ok) throw new Error(`${identity.findActor.name} answered ${reply.problem.status} ${reply.problem.code}`);
    const { actor } = reply.output;
    const caller: ActorCaller | undefined = actor ? { is: 'actor', actor } : undefined;
    if (this.#known.size >= MOST) this.#known.clear();
    this.#known.set(subject, { caller, until: this.now() + KEPT_MS });
    return caller;
  }
}
