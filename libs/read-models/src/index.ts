export * from './document-store.js';
export { openSqliteReadModels, SqliteReadModels, type SqliteReadModelsOptions } from './sqlite/sqlite-read-models.js';
export { startViewsWriter, ViewsUnavailableError, ViewsWriter } from './sqlite/views-writer.js';
