import type { DynamicModule } from '@nestjs/common';
import {
  Leadership,
  type LogReader,
  PostgresEventStore,
  PostgresLogReader,
  sequencer,
  StreamTransactions,
} from '@tidemark/event-store';
import { checkCatalogue, databaseCheck, openDatabase, openDirect } from '@tidemark/runtime';
import {
  EventsServer,
  type HearingOthers,
  type OpeningOptions,
  PostgresCheckpoints,
  PostgresInboxStore,
  PostgresRelayState,
  type Publishing,
  StageTokens,
} from '@tidemark/transport';
import { BranchesModule } from './branches.module.js';
import { branchesSchema } from './branches.schema.js';

export interface BranchesOptions extends OpeningOptions, HearingOthers, Publishing {
  /** The key of actor contexts: tokens of `snapshots.stage` are sealed with one that follows from it. */
  readonly actorKey: Uint8Array;
}

export interface Branches {
  readonly module: DynamicModule;
  /** For those who hear the events of this service in the same process. */
  readonly log: LogReader;
  /** Connected to the application, it brings the module's handlers their events. */
  readonly events: EventsServer;
  /** How many events it has put aside. */
  readonly parkedMessages: () => Promise<number>;
}

/** A reaction works in transactions of its own while the one in which it hears is open. */
const LEAST_CONNECTIONS = 2;

/** The service on its database. It is closed with the application that its module is part of. */
export async function openBranches(options: BranchesOptions): Promise<Branches> {
  const { appUrl, relayUrl, hints, logger } = options;
  await checkCatalogue({ appUrl, relayUrl, service: branchesSchema, logger });
  const max = Math.max(options.connections, LEAST_CONNECTIONS);
  const db = openDatabase({ url: appUrl, name: 'tidemark branches', max, logger });
  const relayDb = openDatabase({ url: relayUrl, name: 'tidemark branches relay', max: 4, logger });
  const log = new PostgresLogReader(relayDb);
  const publish = options.publish?.(log, new PostgresRelayState(relayDb));
  const leadership = new Leadership({
    service: 'branches',
    connect: () => openDirect({ url: relayUrl, name: 'tidemark branches leader', logger }),
    tasks: [sequencer({ service: 'branches', hints }), ...(publish ? [publish] : [])],
    logger,
  });
  const inbox = new PostgresInboxStore(db);
  const events = new EventsServer({
    consumer: 'branches',
    sources: options.sources(new PostgresCheckpoints(db)),
    store: inbox,
    logger,
    onStalled: options.onStalled,
    stallLimitMs: options.stallLimitMs,
    retries: options.retries,
  });
  const store = new PostgresEventStore({ db, service: 'branches', hints });
  return {
    log,
    events,
    parkedMessages: () => inbox.parkedMessages(),
    module: BranchesModule.with({
      db,
      streams: new StreamTransactions({ db, service: 'branches', hints, store }),
      tokens: new StageTokens(options.actorKey),
      checks: [
        databaseCheck(db, 'branches database'),
        { name: 'branches consumers', check: () => events.problem },
      ],
      leadership,
      close: async () => {
        await db.close();
        await relayDb.close();
      },
    }),
  };
}
