import { z } from 'zod';
import { cloudEvent } from '../cloud-event.js';
import type { HttpMethod } from '../contract.js';
import { giveUpReaction, parkedAnswer, platformStatus, retryParked, retryReaction, skipParked } from '../operator/status.js';
import type { GeneralProblem } from '../problems.js';
import { askedText, code, id, instant, officeText } from '../values.js';

/** A route of the gateway's own: no service answers it, so that it is no operation. */
export type GatewayRoute = {
  readonly name: string;
  readonly summary: string;
  readonly http: { readonly method: HttpMethod; readonly path: `/${string}` };
  readonly access: 'anyone' | 'anyone signed in' | 'administrators' | 'administrators and service accounts';
  readonly query?: z.ZodObject;
  readonly body?: z.ZodObject;
  readonly status?: 200 | 201;
  readonly answer: z.ZodType;
  /** also as server-sent events, or only so */ readonly stream?: 'too' | 'only';
  /** takes keys of the operations' live topics */ readonly followsTopics?: true;
  /** beside those that any route may answer */ readonly problems: readonly GeneralProblem[];
  /** problems that have another status here than elsewhere */ readonly otherwise?: readonly (readonly [GeneralProblem, number])[];
};

export const feedQuery = z.object({
  cursor: askedText(2_000).optional(),
  type: z
    .string()
    .regex(/^[a-z0-9.-]{1,100}$/, 'event-type')
    .optional(),
  subject: askedText(120).optional(),
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
});
export const liveQuery = z.object({ keys: z.string().regex(/^[A-Za-z0-9:,-]{1,2000}$/, 'keys') });
export const webhookRegistration = z.object({
  webhookId: id,
  /** the service account whose events are delivered; default: who registers */ clientId: code(200).optional(),
  url: officeText(2_000),
  types: z
    .array(z.string().regex(/^[a-z0-9.-]{1,100}$/, 'event-type'))
    .min(1)
    .max(50),
  schoolId: id.nullable().default(null),
  from: z.enum(['now', 'beginning']).default('now'),
});
export const deliveriesQuery = z.object({
  state: z.enum(['waiting', 'delivered', 'dead']).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});

const webhook = z.object({
  webhookId: id,
  clientId: z.string(),
  url: z.string(),
  types: z.array(z.string()),
  schoolId: id.nullable(),
  state: z.string(),
  reason: z.string().nullable(),
  createdAt: z.string(),
  waiting: z.int(),
  deadLetters: z.int(),
  lagEvents: z.int().nullable(),
  lastDeliveredAt: instant.nullable(),
  lastFailure: z.object({ at: instant.nullable(), reason: z.string().nullable() }).nullable(),
});
const delivery = z.object({
  eventId: z.string(),
  subject: z.string(),
  type: z.string(),
  time: z.string(),
  state: z.string(),
  attempts: z.int(),
  lastAttemptAt: instant.nullable(),
  nextAttemptAt: instant.nullable(),
  reason: z.string().nullable(),
});

const hook = (name: string, summary: string, method: HttpMethod, rest: `/${string}` | '', answer: z.ZodType): GatewayRoute => ({
  name: `webhooks.${name}`,
  summary,
  http: { method, path: `/webhooks/{webhookId}${rest}` },
  access: 'administrators and service accounts',
  answer,
  problems: ['webhook-not-found', 'forbidden'],
});
const act = (name: string, summary: string, path: `/${string}`, body: z.ZodObject): GatewayRoute => ({
  name: `operator.${name}`,
  summary,
  http: { method: 'POST', path: `/operator${path}` },
  access: 'administrators',
  body,
  answer: parkedAnswer,
  problems: ['forbidden', 'parked-event-not-found', 'changed-meanwhile', 'held-elsewhere', 'service-timeout'],
});
const redelivered = z.object({ redelivered: z.int() });

export const GATEWAY_ROUTES: readonly GatewayRoute[] = [
  {
    name: 'session.show',
    summary: 'Who is signed in by the cookie of this browser, or null',
    http: { method: 'GET', path: '/session' },
    access: 'anyone',
    answer: z.object({ person: z.looseObject({ id: z.string() }).nullable() }),
    problems: [],
  },
  {
    name: 'events.read',
    summary: 'Public events that the account may see, after a cursor: a page, or a stream whose ids are cursors',
    http: { method: 'GET', path: '/events' },
    access: 'anyone signed in',
    query: feedQuery,
    answer: z.object({
      events: z.array(cloudEvent.partial({ position: true })),
      next: z.string(),
      more: z.boolean(),
      silent: z
        .array(z.string())
        .optional()
        .meta({ description: 'Services that did not answer in time: their events come once they do, at the cursor given here' }),
    }),
    stream: 'too',
    problems: ['forbidden', 'cursor-not-valid', 'feed-restarted', 'too-many-requests'],
  },
  {
    name: 'live.follow',
    summary: 'Tells a page that what it shows has changed; never the data itself. Keys as `counters:<traineeId>`, joined by commas',
    http: { method: 'GET', path: '/live' },
    access: 'anyone signed in',
    query: liveQuery,
    answer: z.object({ key: z.string(), position: z.int() }),
    stream: 'only',
    followsTopics: true,
    problems: ['forbidden', 'keys-not-valid', 'not-found', 'too-many-requests', 'service-timeout'],
  },
  {
    name: 'webhooks.list',
    summary: 'Own webhooks; an administrator sees all',
    http: { method: 'GET', path: '/webhooks' },
    access: 'administrators and service accounts',
    answer: z.object({ webhooks: z.array(webhook) }),
    problems: ['forbidden'],
  },
  {
    name: 'webhooks.register',
    summary: 'Has events of some types delivered to an address; the secret is told here alone',
    http: { method: 'POST', path: '/webhooks' },
    access: 'administrators and service accounts',
    body: webhookRegistration,
    status: 201,
    answer: z.object({ webhook, secret: z.string() }),
    problems: ['forbidden', 'event-type-not-known', 'webhook-target-refused', 'id-already-used', 'too-many-webhooks'],
    otherwise: [['account-not-known', 422]],
  },
  hook('show', 'One webhook', 'GET', '', webhook),
  hook('remove', 'Ends deliveries for good', 'DELETE', '', z.object({})),
  {
    ...hook('list-deliveries', 'Deliveries of a webhook, newest first', 'GET', '/deliveries', z.object({ deliveries: z.array(delivery) })),
    query: deliveriesQuery,
  },
  hook('redeliver', 'Delivers again all that failed for good', 'POST', '/redelivery', redelivered),
  {
    ...hook('redeliver-one', 'Delivers one failed event again', 'POST', '/deliveries/{eventId}/redelivery', redelivered),
    problems: ['webhook-not-found', 'dead-letter-not-found', 'forbidden'],
  },
  hook('rotate-secret', 'A new secret; the one before holds for a while', 'POST', '/secret', z.looseObject({})),
  hook('pause', 'Holds deliveries back', 'POST', '/pause', webhook),
  hook('resume', 'Goes on with deliveries', 'POST', '/resume', webhook),
  hook('test', 'Sends a test event now and tells what came back', 'POST', '/test', z.looseObject({})),
  {
    name: 'operator.show-status',
    summary: 'How every process is, and what waits aside',
    http: { method: 'GET', path: '/operator/status' },
    access: 'administrators',
    answer: platformStatus,
    problems: ['forbidden'],
  },
  act('retry-parked', 'Tries again what waits under a key', '/parked/retry', retryParked),
  act('skip-parked', 'Gives up one event that holds a key back, with a reason', '/parked/skip', skipParked),
  act('retry-reaction', 'A reaction that gave up acts after all', '/reactions/retry', retryReaction),
  act('give-up-reaction', 'Nobody will act on the fact, with a reason', '/reactions/give-up', giveUpReaction),
];
