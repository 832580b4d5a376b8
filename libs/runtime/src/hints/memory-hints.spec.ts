import { silentLogger } from '../logging/logger.js';
import { hintsContract } from './hints.contract.js';
import { MemoryHints } from './memory-hints.js';

hintsContract('memory', async () => {
  const hints = new MemoryHints(silentLogger);
  return { publisher: hints, listener: hints, close: () => hints.close() };
});
