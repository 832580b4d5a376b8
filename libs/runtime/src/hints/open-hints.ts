import type { Logger } from '../logging/logger.js';
import type { Hints } from './hints.js';
import { MemoryHints } from './memory-hints.js';
import { RedisHints } from './redis-hints.js';

/** Over Redis where there is one; else within this process, and other processes find what is new by looking. */
export const openHints = (redisUrl: string | undefined, logger: Logger): Hints =>
  redisUrl === undefined ? new MemoryHints(logger) : new RedisHints(redisUrl, logger);
