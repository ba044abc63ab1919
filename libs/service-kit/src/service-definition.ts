import type { Decider } from '@ateneo/event-sourcing';
import type { Mapping } from '@ateneo/messaging';
import type { ProjectionSource } from '@ateneo/read-models';

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a list of deciders of different states and commands
export type AnyDecider = Decider<any, any, any, any>;
/** An aggregate: its rules, and what of its events the world may know. */
export type Aggregate = { readonly decider: AnyDecider; readonly published?: Mapping };
/** Whatever follows events: a projection, a reaction, a directory of names. */
export type EventReader = { readonly name: string; readonly own?: readonly string[]; readonly public?: readonly string[] };

/** What a service is made of; the rest is the same for all. */
export type ServiceDefinition = {
  readonly name: string;
  readonly aggregates: readonly Aggregate[];
  readonly projections: readonly ProjectionSource[];
  /** What else follows events: reactions, the directory of names. */
  readonly followers?: readonly EventReader[];
  /** Raised when what an already stored event publishes changes. */
  readonly mappingVersion: number;
};

/** Starts with its service and stops before the service's files close. */
export interface Component {
  start?(): Promise<void> | void;
  stop?(): Promise<void> | void;
}
