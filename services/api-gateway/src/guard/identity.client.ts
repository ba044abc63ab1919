import { identity, type Operation, type Output, type RawInput } from '@ateneo/contracts';
import { StoreUnavailableError } from '@ateneo/event-sourcing';
import type { Bus, Stop } from '@ateneo/messaging';
import { Caller, OperationClient, Problem, Reply } from '@ateneo/service-kit';

/** The gateway itself, asking on nobody's behalf. */
const GATEWAY = { is: 'service', service: 'api-gateway' } as const satisfies Caller;

export type FoundClient = { readonly clientId: string; readonly checkSecret: (given: string) => Promise<boolean> };

/** All that the gateway asks of identity, by which people and tools sign in. It asks no other service by name. */
export class Identity {
  constructor(private readonly operations: Pick<OperationClient, 'call'>) {}

  async findActor(subject: string): Promise<Output<typeof identity.findActor>> {
    const reply = await this.#ask(identity.findActor, { subject });
    if (!reply.ok) throw new Error(`${identity.findActor.name} answered ${reply.problem.status} ${reply.problem.code}`);
    return reply.output;
  }

  /** Throws where identity cannot be asked: whom it does not answer about, the provider must not call unknown. */
  async findClient(clientId: string): Promise<FoundClient | undefined> {
    const reply = await this.#ask(identity.findClient, { clientId });
    if (!reply.ok && reply.problem.status >= 500) throw unavailable(reply.problem);
    if (!reply.ok || !reply.output.account) return undefined;
    return { clientId, checkSecret: (given) => this.#checkSecret(clientId, given) };
  }

  checkPassword(
    input: RawInput<typeof identity.checkPassword>,
    correlationId: string,
  ): Promise<Reply<Output<typeof identity.checkPassword>>> {
    return this.#ask(identity.checkPassword, input, correlationId);
  }

  /** Undefined where secret or password cannot be such. */
  async setPassword(
    input: RawInput<typeof identity.setPassword>,
    correlationId: string,
  ): Promise<Reply<Output<typeof identity.setPassword>> | undefined> {
    const { success, data } = identity.setPassword.input.safeParse(input);
    return success ? this.#ask(identity.setPassword, data, correlationId) : undefined;
  }

  async demoPeople(): Promise<Output<typeof identity.listDemoPeople>['people']> {
    const reply = await this.#ask(identity.listDemoPeople, {});
    return reply.ok ? reply.output.people : [];
  }

  async #checkSecret(clientId: string, clientSecret: string): Promise<boolean> {
    const checked = await this.#ask(identity.checkClientSecret, { clientId, clientSecret });
    if (!checked.ok && checked.problem.status >= 500) throw unavailable(checked.problem);
    return checked.ok && checked.output.right;
  }

  #ask<Op extends Operation>(operation: Op, input: RawInput<Op>, correlationId?: string): Promise<Reply<Output<Op>>> {
    return this.operations.call(operation, input, GATEWAY, { correlationId });
  }
}

/** Told whom a word of identity is about; undefined where it does not name them all. */
export const onIdentityChange = (bus: Bus, listener: (ids: ReadonlySet<string> | undefined) => void): Stop =>
  bus.onBroadcast('changed.identity', (message) => listener(idsIn(message)));

function idsIn(message: unknown): ReadonlySet<string> | undefined {
  const { changes, more } = message as { changes: readonly { key: string }[]; more?: true };
  return more || changes.length === 0 ? undefined : new Set(changes.map(({ key }) => key));
}

function unavailable({ status, code }: Problem): Error {
  const words = `identity answers ${code}`;
  return status === 503 || status === 504 ? new StoreUnavailableError(words) : new Error(words);
}
