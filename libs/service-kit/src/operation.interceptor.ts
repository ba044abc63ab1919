import { type CallHandler, type ExecutionContext, Inject, Injectable, type NestInterceptor } from '@nestjs/common';
import { ConcurrencyError, isAway, type OnProblem, Refusal, spanned, StoreBusyError } from '@ateneo/event-sourcing';
import type { Operation } from '@ateneo/contracts';
import { loopTurns } from '@ateneo/threads';
import { lastValueFrom, type Observable, of } from 'rxjs';
import { admit, type Relations, RELATIONS } from './admission.js';
import { OPERATION, type Request } from './handles.js';
import { type Metrics, METRICS } from './metrics.js';
import { spanAttributes } from './operation-client.js';
import { type OperationMessage, type Passports, PASSPORTS } from './passport.js';
import { type Platform, PLATFORM } from './platform.js';
import { BusyError, invalidInput, type Problem, problemOf, type Reply } from './problem.js';

/** Between the bus and every handler: who calls, what they say, whether they may; afterwards refusals and errors become problems. */
@Injectable()
export class OperationInterceptor implements NestInterceptor {
  readonly #onProblem: OnProblem;

  constructor(
    @Inject(PASSPORTS) private readonly passports: Passports,
    @Inject(RELATIONS) private readonly relations: Relations,
    @Inject(METRICS) private readonly metrics: Metrics,
    @Inject(PLATFORM) { onProblem }: Platform,
  ) {
    this.#onProblem = onProblem;
  }

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<Reply>> {
    const operation = Reflect.getMetadata(OPERATION, context.getHandler()) as Operation | undefined;
    if (!operation) return next.handle() as Observable<Reply>;
    const args = context.getArgs<unknown[]>();
    const message = args[0] as OperationMessage;
    const started = performance.now();
    const reply = await spanned(
      operation.name,
      { kind: 'server', parent: message.t, attributes: spanAttributes(operation) },
      async (span) => {
        const told = await this.#reply(operation, message, args, next);
        span?.setAttributes({ 'ateneo.correlation_id': message.r, ...(told.ok ? {} : { 'error.type': told.problem.code }) });
        return told;
      },
    );
    this.metrics.operation(operation, reply.ok ? 'ok' : String(reply.problem.status), performance.now() - started);
    if (!reply.ok && operation.kind === 'command' && reply.problem.status < 500) this.metrics.refused(operation, reply.problem.code);
    return of(reply);
  }

  async #reply(operation: Operation, message: OperationMessage, args: unknown[], next: CallHandler): Promise<Reply> {
    try {
      const request = await this.#admit(operation, message);
      if ('status' in request) return { ok: false, problem: request };
      args[0] = request;
      const output: unknown = await lastValueFrom(next.handle(), { defaultValue: undefined });
      return output instanceof Refusal ? { ok: false, problem: problemOf(operation, output) } : { ok: true, output };
    } catch (error) {
      return { ok: false, problem: this.#broken(operation, message, error) };
    }
  }

  async #admit(operation: Operation, message: OperationMessage): Promise<Request | Problem> {
    const caller = this.passports.check(operation.name, message);
    if (!caller) return { status: 401, code: 'passport-not-valid' };
    const parsed = operation.input.safeParse(JSON.parse(message.i));
    if (!parsed.success) return invalidInput(parsed.error);
    const admitted = await admit(operation, caller, parsed.data, this.relations);
    if ('status' in admitted) return admitted;
    const actor = caller.is === 'actor' ? caller.actor : undefined;
    if (actor) loopTurns.served();
    return { input: parsed.data as never, actor, sight: admitted.sight, commandId: message.c, correlationId: message.r };
  }

  #broken(operation: Operation, message: OperationMessage, error: unknown): Problem {
    if (error instanceof StoreBusyError) return { status: 503, code: 'store-busy' };
    if (error instanceof BusyError) return { status: 503, code: 'too-busy', details: { retryAfter: error.retryAfter } };
    if (error instanceof ConcurrencyError) return { status: 409, code: 'changed-meanwhile' };
    const { name } = operation;
    this.#onProblem({ is: 'happened', part: 'operation', what: name, service: serviceOf(name), error, correlationId: message.r });
    if (isAway(error)) return { status: 503, code: 'storage-unavailable' };
    return { status: 500, code: 'internal-error' };
  }
}

const serviceOf = (operation: string): string => operation.slice(0, operation.indexOf('.'));
