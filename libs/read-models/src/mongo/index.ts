export { connectMongo, MongoUnavailableError } from '@ateneo/event-sourcing/mongo';
export { type MongoReadModelsOptions, MongoReadModels, openMongoReadModels } from './mongo-read-models.js';
export { openMongoCheckpoints } from './mongo-checkpoints.js';
