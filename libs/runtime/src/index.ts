export * from './database/index.js';
export * from './logging/logger.js';
export * from './start-error.js';
