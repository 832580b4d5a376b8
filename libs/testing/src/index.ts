export { freshDatabase, type TestDatabase } from './postgres.js';
