import { randomUUID } from 'node:crypto';
import { CONSUMES, type operator, PUBLIC_EVENTS } from '@ateneo/contracts';
import type { Bus } from '@ateneo/messaging';
import { askStatus } from '@ateneo/service-kit';

const WITHIN_MS = 500;
/** For how long an instance that answers no more is still told of. */
const MISSED_MS = 60_000;

type Told = operator.InstanceStatus;
const nameOf = ({ service, instance }: Told): string => `${service} ${instance}`;

/** An instance of an earlier version tells less. */
const complete = (told: Told): Told => ({ ...told, parkedReactions: told.parkedReactions ?? [], problems: told.problems ?? [] });

/** Asks every process how it is; those who ask at the same time get one answer. */
export class StatusBoard {
  readonly #known = new Map<string, { readonly told: Told; readonly at: number }>();
  #asking: Promise<operator.PlatformStatus> | undefined;

  constructor(
    private readonly bus: Bus,
    private readonly now: () => number = Date.now,
  ) {}

  status(): Promise<operator.PlatformStatus> {
    return (this.#asking ??= this.#ask().finally(() => (this.#asking = undefined)));
  }

  async #ask(): Promise<operator.PlatformStatus> {
    const told = await askStatus(this.bus, randomUUID(), WITHIN_MS);
    const at = this.now();
    for (const one of told) this.#known.set(nameOf(one), { told: complete(one), at });
    for (const [name, known] of this.#known) if (at - known.at > MISSED_MS) this.#known.delete(name);
    const instances = [...this.#known.values()].map((known) => ({ ...known.told, answers: known.at === at }));
    const there = new Set(told.map(({ service }) => service));
    return {
      at: new Date(at).toISOString(),
      instances: instances.sort((a, b) => nameOf(a).localeCompare(nameOf(b))),
      absent: Object.keys(CONSUMES).filter((service) => !there.has(service)),
      eventTypes: PUBLIC_EVENTS.map(({ type }) => type).sort(),
    };
  }
}
