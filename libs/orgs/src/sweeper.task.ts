import { setTimeout as pause } from 'node:timers/promises';
import type { LeaderTask } from '@tidemark/event-store';
import { messageOf, type Database, type Logger } from '@tidemark/runtime';
import { REMEMBERED_MS } from './guessing/guess-rules.js';

export interface SweeperOptions {
  readonly db: Database;
  readonly logger: Logger;
  readonly now: () => Date;
}

const EVERY_MS = 600_000;

/** Takes away what says nothing any more: failures nobody counts, tokens that open nothing. */
export const sweeperTask =
  (options: SweeperOptions): LeaderTask =>
  async ({ signal }) => {
    while (!signal.aborted) {
      await sweep(options).catch((error: unknown) =>
        options.logger.warn({ reason: messageOf(error) }, 'not swept, trying again later'),
      );
      await pause(EVERY_MS, undefined, { signal }).catch(() => undefined);
    }
  };

export async function sweep({ db, now }: SweeperOptions): Promise<void> {
  const at = now();
  await db.tx({}, async (tx) => {
    await tx.query('delete from guesses where last_at < $1', [new Date(at.getTime() - REMEMBERED_MS)]);
    await tx.query('delete from session_index where expires_at < $1', [at]);
  });
}
