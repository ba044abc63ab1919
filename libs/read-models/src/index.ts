export * from './document-store.js';
export { openSqliteReadModels, SqliteReadModels, type SqliteReadModelsOptions } from './sqlite/sqlite-read-models.js';
export { startViewsWriter, ViewsUnavailableError, ViewsWriter } from './sqlite/views-writer.js';
export { sealerOf } from './sealer.js';
export {
  type Documents,
  NotYetKnown,
  OWN,
  type ProjectedEvent,
  projectedOwn,
  projectedPublic,
  type Projection,
  type ProjectionSource,
  type Scan,
} from './projection.js';
export { documentsBy, documentsOf, type Part, projection } from './documents-of.js';
export type { OwnEvents } from './incoming.js';
export type { Change } from './folding.js';
export { holderOf } from './set-aside.js';
export { HeldElsewhereError, type UnitStatus } from './shared-run.js';
export { type Lag, type Parked, ProjectionRunner, type ProjectionRunnerOptions } from './projection-runner.js';
export { type Checkpoints, type ParkedEvent, type Reaction, reaction, ReactionRunner, type ReactionRunnerOptions } from './reaction.js';
export { openSqliteCheckpoints, type SideTables } from './sqlite/sqlite-checkpoints.js';
