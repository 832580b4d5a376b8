import type { DynamicModule } from '@nestjs/common';
import { hintTopics } from '@tidemark/contracts';
import { checkCatalogue, databaseCheck, openDatabase } from '@tidemark/runtime';
import {
  EventsServer,
  type HearingOthers,
  type OpeningOptions,
  PostgresCheckpoints,
  PostgresInboxStore,
} from '@tidemark/transport';
import { AuditModule } from './audit.module.js';
import { auditSchema } from './audit.schema.js';

export type AuditOptions = OpeningOptions & HearingOthers;

export interface Audit {
  readonly module: DynamicModule;
  /** Connected to the application, it brings the module's handlers their events. */
  readonly events: EventsServer;
  /** How many events it has put aside. */
  readonly parkedMessages: () => Promise<number>;
}

/** The service on its database. It is closed with the application that its module is part of. */
export async function openAudit({ sources, connections, ...options }: AuditOptions): Promise<Audit> {
  const { appUrl, relayUrl, hints, logger } = options;
  await checkCatalogue({ appUrl, relayUrl, service: auditSchema, logger });
  const db = openDatabase({ url: appUrl, name: 'tidemark audit', max: connections, logger });
  const store = new PostgresInboxStore(db);
  const events = new EventsServer({
    ...options,
    consumer: 'audit',
    sources: sources(new PostgresCheckpoints(db)),
    store,
    onHeard: (org) => hints.publish(hintTopics.audit(org), ''),
  });
  const checks = [
    databaseCheck(db, 'audit database'),
    { name: 'audit consumers', check: () => events.problem },
  ];
  return {
    events,
    parkedMessages: () => store.parkedMessages(),
    module: AuditModule.with({ db, checks, close: () => db.close() }),
  };
}
