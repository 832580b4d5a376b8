export { freshDatabase, type TestDatabase } from './postgres.js';
export { given, GIVEN_AT } from './given.js';
export * from './backing.js';
