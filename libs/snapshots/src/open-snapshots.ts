import type { DynamicModule } from '@nestjs/common';
import type { BlobStore } from '@tidemark/blob-store';
import { checkCatalogue, databaseCheck, type KeyRing, openDatabase } from '@tidemark/runtime';
import {
  EventsServer,
  type HearingOthers,
  type OpeningOptions,
  PostgresCheckpoints,
  PostgresInboxStore,
  type Requests,
  StageTokens,
} from '@tidemark/transport';
import { DataKeys } from './envelope/data-keys.js';
import { SnapshotsModule } from './snapshots.module.js';
import { snapshotsSchema } from './snapshots.schema.js';

export interface SnapshotsOptions extends OpeningOptions, HearingOthers {
  readonly blobs: BlobStore;
  readonly keys: KeyRing;
  /** Stage tokens are sealed with a key that is derived from it. */
  readonly actorKey: Uint8Array;
  /** For asking `branches` what it has accepted. */
  readonly requests: Requests;
}

export interface Snapshots {
  readonly module: DynamicModule;
  /** Connected to the application, it brings the module's handlers their events. */
  readonly events: EventsServer;
  /** How many events it has put aside. */
  readonly parkedMessages: () => Promise<number>;
}

/** A reply travels as one message, and those end at 80 MiB. */
const REPLY_BYTES = 64 * 1024 * 1024;

/** The service on its database and its packs. It is closed with the application that its module is part of. */
export async function openSnapshots({
  sources,
  connections,
  blobs,
  requests,
  ...options
}: SnapshotsOptions): Promise<Snapshots> {
  const { appUrl, relayUrl, logger } = options;
  await checkCatalogue({ appUrl, relayUrl, service: snapshotsSchema, logger });
  const db = openDatabase({ url: appUrl, name: 'tidemark snapshots', max: connections, logger });
  const store = new PostgresInboxStore(db);
  const events = new EventsServer({
    ...options,
    consumer: 'snapshots',
    sources: sources(new PostgresCheckpoints(db)),
    store,
  });
  const checks = [
    databaseCheck(db, 'snapshots database'),
    { name: 'snapshots consumers', check: () => events.problem },
  ];
  return {
    events,
    parkedMessages: () => store.parkedMessages(),
    module: SnapshotsModule.with({
      db,
      blobs,
      requests,
      keys: new DataKeys(db, options.keys),
      tokens: new StageTokens(options.actorKey),
      replyBytes: REPLY_BYTES,
      checks,
      close: () => db.close(),
    }),
  };
}
