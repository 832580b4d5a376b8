import type { DynamicModule } from '@nestjs/common';
import { hintTopics } from '@tidemark/contracts';
import {
  Leadership,
  PostgresEventStore,
  PostgresLogReader,
  sequencer,
  type LeaderTask,
  type LogReader,
} from '@tidemark/event-store';
import {
  checkCatalogue,
  databaseCheck,
  openDatabase,
  openDirect,
  type Hints,
  type Logger,
} from '@tidemark/runtime';
import { PostgresInboxStore, PostgresRelayState, type RelayState, type Retries } from '@tidemark/transport';
import { organizationListTask } from './organization-list/organization-list.task.js';
import { OrgsModule } from './orgs.module.js';
import { orgsSchema } from './orgs.schema.js';

export interface OrgsOptions {
  readonly appUrl: string;
  readonly relayUrl: string;
  readonly connections: number;
  readonly hints: Hints;
  readonly logger: Logger;
  readonly stallLimitMs: number;
  readonly retries: Partial<Retries>;
  readonly onStalled: (reason: string) => void;
  /** What the leader does with the log beside giving positions: publishing it, where there is somewhere to. */
  readonly publish?: (log: LogReader, state: RelayState) => LeaderTask;
}

export interface Orgs {
  readonly module: DynamicModule;
  /** For those who hear the events of this service in the same process. */
  readonly log: LogReader;
  /** How many events its own readers have put aside. */
  readonly parkedMessages: () => Promise<number>;
}

/** The service on its database. It is closed with the application that its module is part of. */
export async function openOrgs(options: OrgsOptions): Promise<Orgs> {
  const { appUrl, relayUrl, hints, logger } = options;
  await checkCatalogue({ appUrl, relayUrl, service: orgsSchema, logger });
  const db = openDatabase({ url: appUrl, name: 'tidemark orgs', max: options.connections, logger });
  const relayDb = openDatabase({ url: relayUrl, name: 'tidemark orgs relay', max: 4, logger });
  const log = new PostgresLogReader(relayDb);
  const publish = options.publish?.(log, new PostgresRelayState(relayDb));
  const leadership = new Leadership({
    service: 'orgs',
    connect: () => openDirect({ url: relayUrl, name: 'tidemark orgs leader', logger }),
    tasks: [
      sequencer({ service: 'orgs', hints }),
      organizationListTask({ ...options, db, log, hint: hintTopics.log('orgs') }),
      ...(publish ? [publish] : []),
    ],
    logger,
  });
  return {
    log,
    parkedMessages: () => new PostgresInboxStore(db).parkedMessages(),
    module: OrgsModule.with({
      db,
      store: new PostgresEventStore({ db, service: 'orgs', hints }),
      checks: [databaseCheck(db, 'orgs database')],
      leadership,
      close: async () => {
        await db.close();
        await relayDb.close();
      },
    }),
  };
}
