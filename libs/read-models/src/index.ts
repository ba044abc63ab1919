export * from './document-store.js';
export { openSqliteReadModels, SqliteReadModels, type SqliteReadModelsOptions } from './sqlite/sqlite-read-models.js';
export { startViewsWriter, ViewsUnavailableError, ViewsWriter } from './sqlite/views-writer.js';
export { sealerOf } from './sealer.js';
export { documentProjection, type Documents, NotYetKnown, OWN, type ProjectedEvent, projectedOwn, projectedPublic, type Projection, type ProjectionSource, type Scan } from './projection.js';
export type { OwnEvents } from './own-events.js';
export type { Change } from './projection-run.js';
export { type Lag, ProjectionRunner, type ProjectionRunnerOptions } from './projection-runner.js';
