import { applyDecorators, SetMetadata } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { type Input, type Operation, subjectOf } from '@ateneo/contracts';
import type { Sight } from './admission.js';
import type { Actor } from './passport.js';

export const OPERATION = 'ateneo:operation';

/** What a handler gets: checked input, who acts, how far a list may see, and the ids of this request. */
export type Request<Op = Operation> = {
  readonly input: Input<Op>;
  /** Absent for public operations without sign-in and for calls of services. */
  readonly actor: Actor | undefined;
  readonly sight: Sight;
  readonly commandId: string | undefined;
  readonly correlationId: string;
};

/** Handles an operation of the contracts: the method gets a `Request` and answers the output or a `Refusal`. */
export const Handles = (operation: Operation): MethodDecorator =>
  applyDecorators(MessagePattern(subjectOf(operation)), SetMetadata(OPERATION, operation));
