import type { LeaderTask, LogReader } from '@tidemark/event-store';
import type { Database, Hints, Logger } from '@tidemark/runtime';
import {
  Hearing,
  Inbox,
  LogSource,
  PostgresCheckpoints,
  PostgresInboxStore,
  type Retries,
} from '@tidemark/transport';
import { once } from 'node:events';
import { organizationList } from './organization-list.projection.js';

export interface OrganizationListOptions {
  readonly db: Database;
  readonly log: LogReader;
  readonly hints: Hints;
  readonly hint: string;
  readonly logger: Logger;
  readonly retries: Partial<Retries>;
  readonly stallLimitMs: number;
  readonly onStalled: (reason: string) => void;
}

/** Fills the list for as long as this process leads: two that fill it would only stand in each other's way. */
export const organizationListTask =
  (options: OrganizationListOptions): LeaderTask =>
  async ({ signal }) => {
    const hearing = hearingOf(options);
    await hearing.start();
    if (!signal.aborted) await once(signal, 'abort');
    await hearing.stop();
  };

function hearingOf({ db, retries, onStalled, stallLimitMs, ...options }: OrganizationListOptions): Hearing {
  const { logger } = options;
  const { name, hear } = organizationList;
  return new Hearing({
    name,
    source: new LogSource({ ...options, source: name, checkpoints: new PostgresCheckpoints(db) }),
    inbox: new Inbox({
      source: name,
      store: new PostgresInboxStore(db),
      hear,
      retries,
      logger,
    }),
    onStalled,
    stallLimitMs,
  });
}
