export { connectMongo, databaseOf, isDuplicate, isDuplicatesOnly, MongoUnavailableError } from './connection.js';
export { type MongoPersonKeysOptions, openMongoPersonKeys } from './mongo-person-keys.js';
export { openMongoDeadlines } from './mongo-deadlines.js';
