import { randomUUID } from 'node:crypto';
import { type Bus, ConnectionLostError, MessageTooLargeError, NoResponderError, TimeoutError } from '@ateneo/messaging';
import { type Operation, type Output, type RawInput, subjectOf } from '@ateneo/contracts';
import { AwayError, type OnProblem, spanned, traceparent } from '@ateneo/event-sourcing';
import type { Caller, OperationMessage, Passports } from './passport.js';
import { type Reply, type ReplyText, replyText } from './problem.js';

export type CallOptions = { readonly commandId?: string; readonly correlationId?: string; readonly timeoutMs?: number };

const MOST_ATTEMPTS = 3;

/** What may be asked again where it is not known whether it was carried out: what reads, and commands that are told apart by their id. */
const isRepeatable = ({ kind }: Operation, { commandId }: CallOptions): boolean => kind === 'query' || commandId !== undefined;

/** What a span of an operation says of it, on both sides. */
export const spanAttributes = ({ name }: Operation) => ({
  'rpc.system.name': 'ateneo',
  'rpc.method': name,
  'messaging.destination.name': `rpc.${name}`,
});

/** Calls operations over the bus: the gateway in the name of an actor, a service in its own. */
export class OperationClient {
  readonly #texts = new WeakMap<Caller, string>();

  constructor(
    private readonly bus: Bus,
    private readonly passports: Passports,
    private readonly onProblem?: OnProblem,
  ) {}

  /** Never throws for what may happen on a bus: no responder and time-out are problems 503 and 504. */
  async call<Op extends Operation>(
    operation: Op,
    input: RawInput<Op>,
    caller: Caller,
    options: CallOptions = {},
  ): Promise<Reply<Output<Op>>> {
    const told = await this.callForText(operation, input, caller, options);
    return told.ok ? { ok: true, output: (told.output === '' ? undefined : JSON.parse(told.output)) as Output<Op> } : told;
  }

  /** As `call`, the output as the JSON text in which it came: for the gateway, which hands it on unread. */
  callForText<Op extends Operation>(operation: Op, input: RawInput<Op>, caller: Caller, options: CallOptions = {}): Promise<ReplyText> {
    return spanned(operation.name, { kind: 'client', attributes: spanAttributes(operation) }, () =>
      this.#call(operation, input, caller, options),
    );
  }

  async #call<Op extends Operation>(operation: Op, input: RawInput<Op>, caller: Caller, options: CallOptions): Promise<ReplyText> {
    const i = JSON.stringify(input);
    const p = this.#text(caller);
    const correlationId = options.correlationId ?? randomUUID();
    const message: OperationMessage = {
      i,
      p,
      ...this.passports.stamp(operation.name, p, i, options.commandId),
      c: options.commandId,
      r: correlationId,
      t: traceparent(),
    };
    try {
      return replyText(await this.#send(subjectOf(operation), message, options.timeoutMs, isRepeatable(operation, options)));
    } catch (error) {
      if (error instanceof ConnectionLostError) return { ok: false, problem: { status: 504, code: 'service-timeout' } };
      if (error instanceof NoResponderError) return { ok: false, problem: { status: 503, code: 'service-unavailable' } };
      if (error instanceof TimeoutError) return { ok: false, problem: { status: 504, code: 'service-timeout' } };
      if (error instanceof MessageTooLargeError)
        return { ok: false, problem: { status: 413, code: 'message-too-large', details: { bytes: error.bytes } } };
      this.onProblem?.({ is: 'happened', part: 'operation', what: `${operation.name} asked`, error, correlationId });
      return { ok: false, problem: { status: 500, code: 'internal-error' } };
    }
  }

  async #send(subject: string, message: OperationMessage, timeoutMs: number | undefined, repeatable: boolean): Promise<string> {
    let lost: ConnectionLostError | undefined;
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.bus.requestText(subject, message, { timeoutMs });
      } catch (error) {
        // that nobody answers now says nothing of the attempt before
        if (error instanceof NoResponderError) throw lost ?? error;
        if (!(error instanceof ConnectionLostError) || !repeatable || attempt === MOST_ATTEMPTS) throw error;
        lost = error;
      }
    }
  }

  #text(caller: Caller): string {
    const known = this.#texts.get(caller);
    if (known !== undefined) return known;
    const text = JSON.stringify(caller);
    this.#texts.set(caller, text);
    return text;
  }
}

/** A service's own calls: accepted for `service` operations only. Throws where the answer is a problem: AwayError where there is none. */
export class ServiceClient {
  readonly #caller: Caller;
  constructor(
    private readonly client: OperationClient,
    service: string,
  ) {
    this.#caller = { is: 'service', service };
  }
  async call<Op extends Operation>(operation: Op, input: RawInput<Op>): Promise<Output<Op>> {
    const reply = await this.client.call(operation, input, this.#caller);
    if (reply.ok) return reply.output;
    const { status, code } = reply.problem;
    const message = `${operation.name} answered ${status} ${code}`;
    throw status === 503 || status === 504 ? new AwayError(message) : new Error(message);
  }
}
