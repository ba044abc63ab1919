import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { ConcurrencyError, isAway, Refusal, spanned, StoreBusyError } from '@ateneo/event-sourcing';
import type { Operation } from '@ateneo/contracts';
import { loopTurns } from '@ateneo/threads';
import { lastValueFrom, type Observable, of } from 'rxjs';
import { admit, Relations } from './admission.js';
import { OPERATION, type Request, SHOWN, type Shown } from './handles.js';
import { spanAttributes } from './operation-client.js';
import type { OperationMessage } from './passport.js';
import { BusyError, invalidInput, type Problem, problemOf, type Reply } from './problem.js';
import { ServiceRuntime } from './service-runtime.js';
import { Streams } from './streams.js';

type Handling = { readonly operation: Operation; readonly shown: Shown | undefined; readonly args: unknown[]; readonly next: CallHandler };

/** Between the bus and every handler: who calls, what they say, whether they may; afterwards refusals and errors become problems. */
@Injectable()
export class OperationInterceptor implements NestInterceptor {
  constructor(
    private readonly runtime: ServiceRuntime,
    private readonly relations: Relations,
  ) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<Reply>> {
    const operation = Reflect.getMetadata(OPERATION, context.getHandler()) as Operation | undefined;
    if (!operation) return next.handle() as Observable<Reply>;
    const shown = Reflect.getMetadata(SHOWN, context.getHandler()) as Shown | undefined;
    const args = context.getArgs<unknown[]>();
    const message = args[0] as OperationMessage;
    const { metrics } = this.runtime.platform;
    const started = performance.now();
    const reply = await spanned(
      operation.name,
      { kind: 'server', parent: message.t, attributes: spanAttributes(operation) },
      async (span) => {
        const told = await this.#reply(message, { operation, shown, args, next });
        span?.setAttributes({ 'ateneo.correlation_id': message.r, ...(told.ok ? {} : { 'error.type': told.problem.code }) });
        return told;
      },
    );
    metrics.operation(operation, reply.ok ? 'ok' : String(reply.problem.status), performance.now() - started);
    if (!reply.ok && operation.kind === 'command' && reply.problem.status < 500) metrics.refused(operation, reply.problem.code);
    return of(reply);
  }

  async #reply(message: OperationMessage, { operation, shown, args, next }: Handling): Promise<Reply> {
    try {
      const request = await this.#admit(operation, message);
      if ('status' in request) return { ok: false, problem: request };
      args[0] = request;
      const fresh =
        operation.kind === 'query' ? await this.#freshness(request.input as Readonly<Record<string, unknown>>, shown) : undefined;
      const output: unknown = await lastValueFrom(next.handle(), { defaultValue: undefined });
      if (output instanceof Refusal) return { ok: false, problem: problemOf(operation, output) };
      return { ok: true, output: fresh ? { ...(output as object), ...fresh } : output };
    } catch (error) {
      return { ok: false, problem: this.#broken(operation, message, error) };
    }
  }

  async #admit(operation: Operation, message: OperationMessage): Promise<Request | Problem> {
    const caller = this.runtime.platform.passports.check(operation.name, message);
    if (!caller) return { status: 401, code: 'passport-not-valid' };
    const parsed = operation.input.safeParse(JSON.parse(message.i));
    if (!parsed.success) return invalidInput(parsed.error);
    const streams = new Streams(this.runtime);
    const admitted = await admit(operation, caller, parsed.data, this.relations, streams);
    if ('status' in admitted) return admitted;
    const actor = caller.is === 'actor' ? caller.actor : undefined;
    if (actor) loopTurns.served();
    return { input: parsed.data as never, actor, sight: admitted.sight, commandId: message.c, correlationId: message.r, streams };
  }

  /** Undefined where there is nothing to wait for and nothing to say. */
  async #freshness({ after, ...input }: Readonly<Record<string, unknown>>, shown: Shown | undefined): Promise<object | undefined> {
    const key = shown && input[shown.by];
    if (typeof after !== 'string' && typeof key !== 'string') return undefined;
    const tokens = typeof after === 'string' ? after : undefined;
    return this.runtime.freshness(tokens, shown && typeof key === 'string' ? { projection: shown.of.name, key } : undefined);
  }

  #broken(operation: Operation, message: OperationMessage, error: unknown): Problem {
    if (error instanceof StoreBusyError) return { status: 503, code: 'store-busy' };
    if (error instanceof BusyError) return { status: 503, code: 'too-busy', details: { retryAfter: error.retryAfter } };
    if (error instanceof ConcurrencyError) return { status: 409, code: 'changed-meanwhile' };
    const { name } = operation;
    const { definition, platform } = this.runtime;
    platform.onProblem({ is: 'happened', part: 'operation', what: name, service: definition.name, error, correlationId: message.r });
    if (isAway(error)) return { status: 503, code: 'storage-unavailable' };
    return { status: 500, code: 'internal-error' };
  }
}
