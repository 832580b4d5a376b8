export * from './database/index.js';
export { type HintListener, type Hints } from './hints/hints.js';
export { MemoryHints } from './hints/memory-hints.js';
export { RedisHints } from './hints/redis-hints.js';
export * from './logging/logger.js';
export * from './start-error.js';
