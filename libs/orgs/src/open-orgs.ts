import type { DynamicModule } from '@nestjs/common';
import { hintTopics } from '@tidemark/contracts';
import {
  type EventStore,
  Leadership,
  type LogReader,
  PostgresEventStore,
  PostgresLogReader,
  sequencer,
  StreamTransactions,
} from '@tidemark/event-store';
import {
  checkCatalogue,
  type Database,
  databaseCheck,
  type KeyRing,
  openDatabase,
  openDirect,
} from '@tidemark/runtime';
import {
  type OpeningOptions,
  PostgresInboxStore,
  PostgresRelayState,
  type Publishing,
} from '@tidemark/transport';
import { organizationListTask } from './organization-list/organization-list.task.js';
import { Turnstile } from './guessing/turnstile.js';
import { openMailer, type MailOptions } from './mail/mailer.js';
import { mailTask } from './mail/mail.task.js';
import { timesOf, type OrgsContext } from './orgs.context.js';
import { OrgsModule } from './orgs.module.js';
import type { OrgsPolicy } from './orgs.policy.js';
import { orgsSchema } from './orgs.schema.js';
import { keyVersion } from './secrets/key-version.js';
import { Secrets } from './secrets/secrets.js';
import { sweeperTask } from './sweeper.task.js';

export interface OrgsOptions extends OrgsPolicy, OpeningOptions, Publishing {
  readonly keys: KeyRing;
  readonly mail: MailOptions;
  /** Where people open the links of mails; with a free port known only after listening. */
  readonly websiteUrl: () => string;
  readonly now?: () => Date;
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
  const store = new PostgresEventStore({ db, service: 'orgs', hints });
  const close = async () => {
    await db.close();
    await relayDb.close();
  };
  const context = await contextOf(options, db, store).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  const publish = options.publish?.(log, new PostgresRelayState(relayDb));
  const leadership = new Leadership({
    service: 'orgs',
    connect: () => openDirect({ url: relayUrl, name: 'tidemark orgs leader', logger }),
    tasks: [
      sequencer({ service: 'orgs', hints }),
      organizationListTask({ ...options, db, log, hint: hintTopics.log('orgs') }),
      mailTask({ ...options, ...context, mailer: openMailer(options.mail) }),
      sweeperTask({ ...context, logger }),
      ...(publish ? [publish] : []),
    ],
    logger,
  });
  return {
    log,
    parkedMessages: () => new PostgresInboxStore(db).parkedMessages(),
    module: OrgsModule.with({
      context,
      store,
      checks: [databaseCheck(db, 'orgs database')],
      leadership,
      close,
    }),
  };
}

async function contextOf(options: OrgsOptions, db: Database, store: EventStore): Promise<OrgsContext> {
  const { hints, keys, now = () => new Date() } = options;
  return {
    db,
    transactions: new StreamTransactions({ db, service: 'orgs', hints, store }),
    secrets: new Secrets(keys, await keyVersion(db, keys)),
    turnstile: new Turnstile(Math.floor(options.connections / 3)),
    policy: options,
    times: timesOf(options),
    now,
  };
}
