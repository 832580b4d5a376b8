import { openDatabase, silentLogger, type Database } from '@tidemark/runtime';
import { freshDatabase, type TestDatabase } from '@tidemark/testing';
import { consumerSchema } from '../../test/events/consumer-schema.js';
import { logPair, tellerSchema } from '../../test/events/log-pair.js';
import { eventsContract } from '../../test/events/events.contract.js';

let test: TestDatabase;
let app: Database;
let relay: Database;
let hearer: Database;

const open = (url: string) => openDatabase({ url, name: 'test', max: 5, logger: silentLogger });

beforeAll(async () => {
  test = await freshDatabase();
  const teller = await test.migrated(tellerSchema);
  const { appUrl } = await test.migrated(consumerSchema);
  [app, relay, hearer] = [open(teller.appUrl), open(teller.relayUrl), open(appUrl)];
});

beforeEach(() =>
  test.asOwner(`
    truncate hearer.heard, hearer.parked, hearer.parked_streams, hearer.checkpoints, hearer.notes;
    truncate teller.events, teller.commits, teller.streams;
    update teller.log_head set position = 0`),
);

afterAll(async () => {
  for (const db of [app, relay, hearer]) await db?.close();
  await test?.drop();
});

describe('the log source and an inbox, both in Postgres', () => {
  it.each(eventsContract)('$name', async ({ run }) => {
    const pair = logPair({ app, relay, hearer });
    await run(pair);
    await pair.close();
  });
});
