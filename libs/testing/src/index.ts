export { freshDatabase, type TestDatabase } from './postgres.js';
export { given, GIVEN_AT } from './given.js';
export * from './backing.js';
export { tryRowSecurity, type RowSecurity } from './row-security.js';
export { type Random, seededRandom } from './random.js';
export { redisServer, type RedisServer } from './redis-server.js';
export { kafkaServer, type KafkaServer } from './kafka-server.js';
export { gcsServer, type GcsServer } from './gcs-server.js';
