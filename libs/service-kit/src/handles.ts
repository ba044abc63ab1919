import { applyDecorators, SetMetadata } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { type Input, type Operation, subjectOf } from '@ateneo/contracts';
import type { Sight } from './admission.js';
import type { Actor } from './passport.js';
import type { Streams } from './streams.js';

export const OPERATION = 'ateneo:operation';
export const SHOWN = 'ateneo:shown';

/** What a handler gets: checked input, who acts, how far a list may see, and the ids of this request. */
export type Request<Op = Operation> = {
  readonly input: Input<Op>;
  /** Absent for public operations without sign-in and for calls of services. */
  readonly actor: Actor | undefined;
  readonly sight: Sight;
  readonly commandId: string | undefined;
  readonly correlationId: string;
  /** What was read to admit it, and what its handler reads of the same streams. */
  readonly streams: Streams;
};

/** The projection that a query shows one key of, and the input field that names the key: its answer says where events of that key are set aside. */
export type Shown<Field extends string = string> = { readonly of: { readonly name: string }; readonly by: Field };

/**
 * Handles an operation of the contracts: the method gets a `Request` and answers the output or a `Refusal`. What the tokens in `after` name is waited for
 * before; the answer says `stale` where it did not come, and `incomplete` where events of what is shown are set aside.
 */
export const Handles = <Op extends Operation>(operation: Op, shown?: Shown<keyof Input<Op> & string>): MethodDecorator =>
  applyDecorators(MessagePattern(subjectOf(operation)), SetMetadata(OPERATION, operation), SetMetadata(SHOWN, shown));

/** The id of the person or service account that acts. Throws where nobody does: the operation is public, or of services. */
export function actorIdOf({ actor }: Pick<Request, 'actor'>): string {
  if (!actor) throw new Error('nobody in particular asks this');
  return actor.id;
}
