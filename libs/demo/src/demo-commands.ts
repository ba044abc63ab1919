import { type Operation, type Output, type RawInput } from '@ateneo/contracts';
import { type Actor, type Caller, type OperationClient, type Problem } from '@ateneo/service-kit';
import { demoId } from './random.js';
import type { DemoPerson, Profile } from './plan.js';

/** A step of the demo was refused: the demo is wrong, or the platform is. */
export class DemoError extends Error {
  override readonly name = 'DemoError';
}

type As = { readonly person: Pick<DemoPerson, 'personId'>; readonly role: Profile; readonly schoolId: string | null };

/** Sends commands in the name of demo people, as the gateway would. */
export class DemoCommands {
  readonly #callers = new Map<string, Caller>();
  #sent = 0;

  constructor(private readonly client: OperationClient) {}

  get sent(): number {
    return this.#sent;
  }

  /** Throws DemoError where the answer is a problem; tries again while a fact has still to arrive. */
  async send<Op extends Operation>(operation: Op, input: RawInput<Op>, as: As): Promise<Output<Op>> {
    for (let attempt = 0; ; attempt += 1) {
      const reply = await this.client.call(operation, input, this.#caller(as), {
        commandId: operation.kind === 'command' ? demoId('command', operation.name, JSON.stringify(input)) : undefined,
        correlationId: 'demo',
        timeoutMs: 60_000,
      });
      this.#sent += 1;
      if (reply.ok) return reply.output;
      if (attempt >= 40 || !retryable(reply.problem))
        throw new DemoError(`${operation.name} ${JSON.stringify(input).slice(0, 300)}: ${JSON.stringify(reply.problem)}`);
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }

  #caller({ person, role, schoolId }: As): Caller {
    const key = `${person.personId} ${role} ${schoolId}`;
    const known = this.#callers.get(key);
    if (known) return known;
    const actor: Actor = {
      id: person.personId,
      kind: 'person',
      locale: 'it',
      profiles: [{ profileId: demoId('profile', key), role, schoolId, from: '2000-01-01', to: null }],
    };
    const caller: Caller = { is: 'actor', actor };
    this.#callers.set(key, caller);
    return caller;
  }
}

/** Facts travel between services: a moment later they are known. */
const retryable = ({ status, code }: Problem): boolean =>
  status === 503 ||
  (status === 403 && code === 'forbidden') ||
  code.endsWith('-not-found') ||
  code.includes('not-known-yet') ||
  code === 'trainee-not-in-school' ||
  code === 'not-a-tutor-of-the-school' ||
  code === 'unit-not-in-network' ||
  code === 'changed-meanwhile';
