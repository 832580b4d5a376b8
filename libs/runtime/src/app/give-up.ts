import type { Logger } from '../logging/logger.js';

/** For a process that can do its work no more: it ends, and whoever watches over it starts a fresh one. */
export const givingUp =
  (logger: Logger) =>
  (reason: string): void => {
    logger.error({ reason }, 'giving up: a fresh process has to go on');
    process.exit(1);
  };
