import { z } from 'zod';
import { askedText, instant, officeText } from '../values.js';

/** Events waiting, and for how many seconds their origin has been behind. */
const lag = { events: z.int().min(0), seconds: z.number().min(0) };

/** A part of a shared build that this instance folds: `p00`…`p63`, or `all`. */
export const unitStatus = z.object({ unit: z.string(), ...lag });
export const projectionStatus = z.object({
  projection: z.string(),
  origins: z.array(z.object({ origin: z.string(), ...lag })),
  /** Empty where nothing is shared, and on an instance that holds no part. */
  units: z.array(unitStatus),
  parked: z.int().min(0),
});
/** A key of which events wait aside; the rest says of the event that holds the others back. */
export const parkedKey = z.object({
  projection: z.string(),
  key: z.string(),
  waiting: z.int(),
  origin: z.string(),
  position: z.int(),
  why: z.enum(['poison', 'not-known-yet', 'behind-another']),
  reason: z.string(),
  /** When the fact was stored; null for an own event, which stays in its store. */
  at: instant.nullable(),
});
/** What fails where nobody waits for an answer, or failed in the last hour; `part` has a paragraph in the runbook. */
export const problemStatus = z.object({
  part: z.string(),
  what: z.string(),
  since: instant,
  last: instant,
  times: z.int().min(1),
  goesOn: z.boolean(),
  /** Kind and message of the last error; no personal data. */
  reason: z.string(),
});
export type ProblemStatus = z.output<typeof problemStatus>;
/** A fact on which a reaction gave up; it was not acted on. */
export const parkedReaction = z.object({
  reaction: z.string(),
  origin: z.string(),
  position: z.int(),
  eventId: z.string(),
  /** Absent where it was parked by an earlier version. */
  type: z.string().optional(),
  since: instant.optional(),
  reason: z.string(),
});
export type ParkedReaction = z.output<typeof parkedReaction>;
/** Whoever publishes a service's events: how many are not yet known to be out, and why. */
export const publisherStatus = z.object({ mappingVersion: z.int(), events: z.int().min(0), reason: z.string().nullable() });

/** What a process says of one service in it. */
export const instanceStatus = z.object({
  service: z.string(),
  instance: z.string(),
  version: z.string(),
  startedAt: instant,
  toldAt: instant,
  ready: z.boolean(),
  waitingFor: z.array(z.string()),
  memoryBytes: z.int(),
  projections: z.array(projectionStatus),
  /** The first hundred. */
  parked: z.array(parkedKey),
  /** The first hundred, of the reactions that this instance runs. */
  parkedReactions: z.array(parkedReaction),
  problems: z.array(problemStatus),
  publisher: publisherStatus.nullable(),
});
export type InstanceStatus = z.output<typeof instanceStatus>;

/** All that answered, and for a minute those that answer no more. */
export const platformStatus = z.object({
  at: instant,
  instances: z.array(instanceStatus.extend({ answers: z.boolean() })),
  /** Services of the contracts that no instance speaks for. */
  absent: z.array(z.string()),
  /** Public events by type, its version included. */
  eventTypes: z.array(z.string()),
});
export type PlatformStatus = z.output<typeof platformStatus>;

const what = { service: z.string().regex(/^[a-z-]{1,40}$/), projection: askedText(100), key: askedText(200) };
/** Tries again what waits under a key, in order. */
export const retryParked = z.object(what);
/** Gives up this event, which holds the others of its key back, for a reason that stays on record. */
export const skipParked = z.object({ ...what, origin: askedText(100), position: z.int(), reason: officeText(1_000) });
const fact = { service: what.service, reaction: askedText(100), origin: askedText(100), position: z.int() };
/** The reaction acts on the fact after all. */
export const retryReaction = z.object(fact);
/** Nobody will act on the fact, for a reason that is kept beside the service's events. */
export const giveUpReaction = z.object({ ...fact, reason: officeText(1_000) });
/** `left`: events that still wait under the key. */
export const parkedAnswer = z.object({ left: z.int().min(0) });
export type ParkedAnswer = z.output<typeof parkedAnswer>;
