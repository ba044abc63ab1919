import type { Status } from './system-api.js';

type Instance = Status['instances'][number];
type ProjectionStatus = Instance['projections'][number];

export type Owner = { instance: string; letter: string; units: number; events: number };
export type Cell = { partition: number; owner: Owner | undefined; events: number; seconds: number };
/** A projection whose partitions the instances of a service share. */
export type Shared = { service: string; projection: string; owners: readonly Owner[]; cells: readonly Cell[] };
export type ProjectionRow = { service: string; projection: string; events: number; seconds: number; parked: number };
export type ProblemRow = Instance['problems'][number] & { service: string; instance: string };
export type ReactionRow = Instance['parkedReactions'][number] & { service: string };
export type ParkedRow = Instance['parked'][number] & { service: string };

const partitions = 64;
const letterOf = (index: number): string => String.fromCodePoint('A'.codePointAt(0)! + (index % 26));
const isPart = (unit: string): boolean => /^p\d\d$/.test(unit);
const answering = ({ instances }: Status): Instance[] => instances.filter(({ answers }) => answers);
const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);

const pairs = (status: Status): { service: string; projection: string; held: { instance: string; of: ProjectionStatus }[] }[] => {
  const found = new Map<string, { service: string; projection: string; held: { instance: string; of: ProjectionStatus }[] }>();
  for (const { service, instance, projections } of answering(status))
    for (const of of projections) {
      const key = `${service} ${of.projection}`;
      const pair = found.get(key) ?? { service, projection: of.projection, held: [] };
      found.set(key, pair);
      pair.held.push({ instance, of });
    }
  return [...found.values()];
};

/** Who folds which partition; letters by the order of the instances' names. */
export const sharedOf = (status: Status): Shared[] =>
  pairs(status)
    .filter(({ held }) => held.some(({ of }) => of.units.some(({ unit }) => isPart(unit))))
    .map(({ service, projection, held }) => {
      const owners = held.map(({ instance, of }, index) => ({
        instance,
        letter: letterOf(index),
        units: of.units.length,
        events: sum(of.units.map(({ events }) => events)),
      }));
      const cells = Array.from({ length: partitions }, (_, partition): Cell => {
        const index = held.findIndex(({ of }) => of.units.some(({ unit }) => isPart(unit) && Number(unit.slice(1)) === partition));
        const unit = held[index]?.of.units.find((one) => Number(one.unit.slice(1)) === partition);
        return { partition, owner: owners[index], events: unit?.events ?? 0, seconds: unit?.seconds ?? 0 };
      });
      return { service, projection, owners, cells };
    });

/** What every projection has still to take in, wherever it is folded; those behind first. */
export const projectionsOf = (status: Status): ProjectionRow[] =>
  pairs(status)
    .map(({ service, projection, held }) => {
      const origins = held.flatMap(({ of }) => of.origins);
      return {
        service,
        projection,
        events: sum(origins.map(({ events }) => events)),
        seconds: Math.max(0, ...origins.map(({ seconds }) => seconds)),
        parked: sum(held.map(({ of }) => of.parked)),
      };
    })
    .sort((a, b) => b.events - a.events || b.parked - a.parked || a.service.localeCompare(b.service));

/** Each key once, although several instances may tell of it. */
export const parkedOf = (status: Status): ParkedRow[] => {
  const rows = new Map<string, ParkedRow>();
  for (const { service, parked } of answering(status))
    for (const row of parked) rows.set(`${service} ${row.projection} ${row.key}`, { ...row, service });
  return [...rows.values()];
};

/** What goes on first, the longest before; then what was, the last before. */
export const problemsOf = (status: Status): ProblemRow[] =>
  answering(status)
    .flatMap(({ service, instance, problems }) => problems.map((problem) => ({ ...problem, service, instance })))
    .sort((a, b) => Number(b.goesOn) - Number(a.goesOn) || (a.goesOn ? a.since.localeCompare(b.since) : b.last.localeCompare(a.last)));

/** Each fact once, although a reaction that moves may be told of by two instances. */
export const reactionsOf = (status: Status): ReactionRow[] => {
  const rows = new Map<string, ReactionRow>();
  for (const { service, parkedReactions } of answering(status))
    for (const row of parkedReactions) rows.set(`${service} ${row.reaction} ${row.origin} ${row.position}`, { ...row, service });
  return [...rows.values()];
};

/** Event names with their versions, by service. */
export const versionsOf = ({ eventTypes }: Status): { service: string; events: { name: string; version: string }[] }[] => {
  const services = new Map<string, { name: string; version: string }[]>();
  for (const type of eventTypes) {
    const [service = '', name = '', version = ''] = type.split('.');
    services.set(service, [...(services.get(service) ?? []), { name, version }]);
  }
  return [...services].map(([service, events]) => ({ service, events }));
};
