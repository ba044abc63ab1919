import type { operator } from '@ateneo/contracts';
import { HeldElsewhereError, holderOf } from '@ateneo/read-models';
import type { Caller, OperationMessage } from './passport.js';
import type { Platform } from './platform.js';
import type { Problem, Reply } from './problem.js';
import type { ServiceRuntime } from './service-runtime.js';

/** What waits under a key is tried again, or the event that holds it back given up; that one is named, so that an act that comes twice is done once. */
export type ParkedAct = {
  readonly projection: string;
  readonly key: string;
  readonly skip?: { readonly origin: string; readonly position: number; readonly reason: string };
};
/** A fact that a reaction gave up is acted on after all, or never will be. */
export type ReactionAct = {
  readonly reaction: string;
  readonly origin: string;
  readonly position: number;
  readonly giveUp?: { readonly reason: string };
};
export type OperatorAct = ParkedAct | ReactionAct;
type Answer = Reply<operator.ParkedAnswer>;

const subjectOf = (service: string, instance: string): string => `operator.${service}.${instance}`;
const refused = (status: 401 | 403 | 404 | 409, code: Problem['code']): Answer => ({ ok: false, problem: { status, code } });

/** Asks one instance of a service, in the name of an administrator. Throws what `Bus.request` throws. */
export async function askInstance(
  { bus, passports }: Platform,
  { service, instance }: { readonly service: string; readonly instance: string },
  act: OperatorAct,
  caller: Caller,
  correlationId: string,
): Promise<Answer> {
  const subject = subjectOf(service, instance);
  const [i, p] = [JSON.stringify(act), JSON.stringify(caller)];
  const message: OperationMessage = { i, p, ...passports.stamp(subject, p, i), r: correlationId };
  return (await bus.request(subject, message)) as Answer;
}

/** Does for administrators what only this instance can: what it has set aside itself. Answers how to stop. */
export function serveOperator(runtime: ServiceRuntime): () => void {
  const { platform, definition, runner } = runtime;
  const { bus, leases, passports, log } = platform;
  const subject = subjectOf(definition.name, leases.instance);
  const onReaction = async ({ reaction, origin, position, giveUp }: ReactionAct): Promise<Answer> => {
    for (const running of runtime.reactions) {
      const place = { origin, position };
      const done = giveUp
        ? (await running.giveUp(reaction, place, giveUp.reason, new Date().toISOString())) || undefined
        : await running.again(reaction, place);
      if (done !== undefined) return { ok: true, output: { left: done ? 0 : 1 } };
    }
    return refused(404, 'parked-event-not-found');
  };
  const carryOut = async (act: OperatorAct): Promise<Answer> => ('reaction' in act ? onReaction(act) : onParked(act));
  const onParked = async ({ projection, key, skip }: ParkedAct): Promise<Answer> => {
    const holder = runner.projections.includes(projection) ? holderOf(runner.aside(projection, key)) : undefined;
    if (!holder) return refused(404, 'parked-event-not-found');
    if (skip && (holder.origin !== skip.origin || holder.position !== skip.position)) return refused(409, 'changed-meanwhile');
    try {
      await (skip ? runner.skipAside(projection, key, skip.reason) : runner.retryAside(projection, key));
    } catch (error) {
      if (error instanceof HeldElsewhereError) return refused(409, 'held-elsewhere');
      throw error;
    }
    return { ok: true, output: { left: runner.aside(projection, key).length } };
  };
  return bus.serve(subject, leases.instance, async (raw) => {
    const message = raw as OperationMessage;
    const caller = passports.check(subject, message);
    if (!caller) return refused(401, 'passport-not-valid');
    if (!isAdministrator(caller)) return refused(403, 'forbidden');
    const act = JSON.parse(message.i) as OperatorAct;
    const answer = await carryOut(act);
    if (answer.ok) {
      const fields = {
        service: definition.name,
        ...placeOf(act),
        actor: caller.actor.id,
        correlationId: message.r,
        left: answer.output.left,
      };
      log.warn(fields, isEnd(act) ? 'an event that was set aside was given up' : 'what was set aside was tried again');
    }
    return answer;
  });
}

const placeOf = (act: OperatorAct) =>
  'reaction' in act ? { reaction: act.reaction, origin: act.origin, position: act.position } : { projection: act.projection, key: act.key };
const isEnd = (act: OperatorAct): boolean => ('reaction' in act ? act.giveUp : act.skip) !== undefined;
const isAdministrator = (caller: Caller): caller is Extract<Caller, { is: 'actor' }> =>
  caller.is === 'actor' && caller.actor.profiles.some(({ role, schoolId }) => role === 'administrator' && schoolId === null);
