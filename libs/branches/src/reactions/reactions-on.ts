import { eventTopics } from '@tidemark/contracts';
import { PostgresEventStore, StreamTransactions } from '@tidemark/event-store';
import { MemoryHints, silentLogger, type Database } from '@tidemark/runtime';
import type { EventHandler } from '@tidemark/transport';
import { WhenProjectDeletedArchiveFiles } from './when-project-deleted-archive-files.reaction.js';

/** What this service hears, for a program beside it. Its hints reach nobody; who reads the log looks by himself soon. */
export function reactionsOn(db: Database): Readonly<Record<string, EventHandler>> {
  const of = { db, service: 'branches', hints: new MemoryHints(silentLogger) };
  const streams = new StreamTransactions({ ...of, store: new PostgresEventStore(of) });
  const reaction = new WhenProjectDeletedArchiveFiles(streams);
  return { [eventTopics.orgs]: (events) => reaction.hear(events) };
}
