export { connectMongo, databaseOf, MongoUnavailableError } from './connection.js';
