import { CONSUMES, contextOf, CONTEXTS, NAME_HOLDERS, PUBLIC_EVENTS } from '@ateneo/contracts';
import type { EventHandler, EventSubscription, RunningSubscription } from '@ateneo/messaging';
import { ConfigurationError } from './config.js';
import type { EventReader, ServiceDefinition } from './service-definition.js';
import type { ServiceRuntime } from './service-runtime.js';

const IN_ORDER: readonly string[] = Object.keys(CONTEXTS);
const ABOUT_PEOPLE = new Map(PUBLIC_EVENTS.flatMap(({ type, person }) => (person ? [[type, person] as const] : [])));

const projectionsOf = ({ projections }: ServiceDefinition) =>
  projections.map((source) => (typeof source === 'function' ? source() : source));

/** Public types that a service reads, with the readers of each. */
export function readBy(definition: ServiceDefinition): ReadonlyMap<string, readonly string[]> {
  const by = new Map<string, string[]>();
  const readers: readonly EventReader[] = [...projectionsOf(definition), ...(definition.followers ?? [])];
  for (const { name, public: types = [] } of readers) for (const type of types) by.set(type, [...(by.get(type) ?? []), name]);
  return by;
}

/** The other services whose public events a service follows, in the order of the contracts. */
export function followedBy(definition: ServiceDefinition): readonly string[] {
  const followed = new Set<string>([...readBy(definition).keys()].map(contextOf));
  followed.delete(definition.name);
  const place = (name: string) => (IN_ORDER.includes(name) ? IN_ORDER.indexOf(name) : IN_ORDER.length);
  return [...followed].sort((a, b) => place(a) - place(b) || (a < b ? -1 : 1));
}

const hears = (definition: ServiceDefinition, said: 'named' | 'erased'): boolean =>
  [...readBy(definition).keys()].some((type) => ABOUT_PEOPLE.get(type) === said);
/** Who announces an erasure carries it out for itself. */
const announces = ({ name }: ServiceDefinition): boolean =>
  [...ABOUT_PEOPLE].some(([type, said]) => said === 'erased' && contextOf(type) === name);
const sealsFields = (definition: ServiceDefinition): boolean =>
  definition.aggregates.some(({ decider }) => Object.keys(decider.personal ?? {}).length > 0) ||
  projectionsOf(definition).some(({ collections }) => collections.some(({ personal }) => personal !== undefined));

/** Whether an erasure must reach the service: it follows names, or stores personal fields, in events or documents. */
export const keepsNames = (definition: ServiceDefinition): boolean =>
  !announces(definition) && (hears(definition, 'named') || sealsFields(definition));

const listed = (service: string): readonly string[] => (CONSUMES as Readonly<Record<string, readonly string[]>>)[service] ?? [];
const isNameHolder = (service: string): boolean => (NAME_HOLDERS as readonly string[]).includes(service);
const GENERATE = 'name it among the followers of the service and run «npm run generate»';

/** Throws as `checkReads`, for one that starts later. */
export function checkReader(service: string, { name, public: types = [] }: EventReader): void {
  for (const type of types) {
    const context = contextOf(type);
    if (context !== service && !listed(service).includes(context))
      throw new ConfigurationError(`${name} of ${service} reads ${type}, and ${service} may not follow ${context}: ${GENERATE}`);
    if (ABOUT_PEOPLE.get(type) === 'named' && !isNameHolder(service))
      throw new ConfigurationError(`${name} of ${service} keeps names of people, and no erasure would reach it: ${GENERATE}`);
  }
}

/** Throws ConfigurationError where a service reads what the derived table does not know, or keeps names that no erasure would reach. */
export function checkReads(definition: ServiceDefinition): void {
  const { name, followers = [] } = definition;
  for (const reader of [...projectionsOf(definition), ...followers]) checkReader(name, reader);
  if (!keepsNames(definition)) return;
  if (!isNameHolder(name))
    throw new ConfigurationError(`${name} keeps personal fields, and no erasure would reach it: run «npm run generate»`);
  if (!hears(definition, 'erased'))
    throw new ConfigurationError(`${name} keeps personal fields and follows no erasure: name the directory of names among its followers`);
}

/** As `EventBus.subscribe`, for a reader of this service. Throws as `checkReads`. */
export function follow(
  { definition, platform }: ServiceRuntime,
  reader: EventReader,
  subscription: Omit<EventSubscription, 'consumer' | 'types'>,
  handle: EventHandler,
): RunningSubscription {
  checkReader(definition.name, reader);
  const consumer = `${definition.name}/${reader.name}`;
  return platform.eventBus.subscribe({ ...subscription, consumer, types: reader.public ?? [] }, handle);
}
