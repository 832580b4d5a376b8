import { recordEntries } from '@tidemark/audit';
import { reactionsOn } from '@tidemark/branches';
import { eventTopics } from '@tidemark/contracts';
import { organizationList } from '@tidemark/orgs';
import {
  createLogger,
  loadConfig,
  openDatabase,
  parkedVariables,
  type Database,
  type Environment,
} from '@tidemark/runtime';
import { acceptRecords } from '@tidemark/snapshots';
import { Inbox, PostgresInboxStore, type EventHandler } from '@tidemark/transport';

/** Who hears what in each service, on its database. */
export const hearers: Readonly<Record<string, (db: Database) => Readonly<Record<string, EventHandler>>>> = {
  orgs: () => ({ [organizationList.name]: organizationList.hear }),
  branches: reactionsOn,
  snapshots: () => ({ [eventTopics.branches]: acceptRecords }),
  audit: () => ({ [eventTopics.orgs]: recordEntries, [eventTopics.branches]: recordEntries }),
};

/** Streams that are shown, or replayed, in one go. */
const MOST = 1_000;

const say = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`);

/** Answers whether nothing is parked. */
export async function listParked(env: Environment): Promise<boolean> {
  return withDatabase(env, async (db) => {
    const streams = await new PostgresInboxStore(db).parkedStreams(MOST);
    streams.forEach(say);
    return streams.length === 0;
  });
}

/** Answers whether everything that was parked has been heard. Beside the running service it is safe: both lock the stream. */
export async function replayParked(service: string, env: Environment): Promise<boolean> {
  return withDatabase(env, async (db) => {
    const store = new PostgresInboxStore(db);
    const logger = createLogger({ level: 'warn', name: 'replay' });
    let left = 0;
    for (const { source, org, stream } of await store.parkedStreams(MOST)) {
      const hear = hearers[service]?.(db)[source];
      if (!hear) throw new Error(`Nothing in ${service} hears ${source}.`);
      const replayed = await new Inbox({ source, store, hear, logger }).replay(org, stream);
      say({ source, org, stream, ...replayed });
      if (replayed.stoppedBy !== undefined) left += 1;
    }
    return left === 0;
  });
}

async function withDatabase<T>(env: Environment, work: (db: Database) => Promise<T>): Promise<T> {
  const config = loadConfig(parkedVariables, env);
  const logger = createLogger({ level: config.logLevel, name: 'parked' });
  const db = openDatabase({ url: config.appDatabaseUrl, name: 'tidemark parked', max: 2, logger });
  try {
    return await work(db);
  } finally {
    await db.close();
  }
}
