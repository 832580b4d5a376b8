import { openDatabase, silentLogger, type Database } from '@tidemark/runtime';
import { freshDatabase, kafkaServer, type KafkaServer, type TestDatabase } from '@tidemark/testing';
import type { Kafka } from 'kafkajs';
import { consumerSchema } from '../../test/events/consumer-schema.js';
import { kafkaPair } from '../../test/events/kafka-pair.js';
import { eventsContract } from '../../test/events/events.contract.js';
import { openKafka } from './kafka.js';

let server: KafkaServer;
let kafka: Kafka;

beforeAll(async () => {
  server = await kafkaServer();
  kafka = openKafka({ brokers: server.brokers, clientId: 'test', logger: silentLogger });
});

afterAll(() => server?.stop());

describe('the Kafka source and an inbox in Postgres', () => {
  let test: TestDatabase;
  let db: Database;

  beforeAll(async () => {
    test = await freshDatabase();
    const { appUrl } = await test.migrated(consumerSchema);
    db = openDatabase({ url: appUrl, name: 'test', max: 5, logger: silentLogger });
  });

  beforeEach(() =>
    test.asOwner(
      'truncate hearer.heard, hearer.parked, hearer.parked_streams, hearer.checkpoints, hearer.notes',
    ),
  );

  afterAll(async () => {
    await db?.close();
    await test?.drop();
  });

  it.each(eventsContract)('$name', async ({ run }) => {
    const pair = await kafkaPair(kafka, db);
    await run(pair);
    await pair.close();
  });
});
