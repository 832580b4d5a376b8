import { randomUUID } from 'node:crypto';
import { openDatabase, silentLogger, type Database } from '@tidemark/runtime';
import { freshDatabase, kafkaServer, type KafkaServer, type TestDatabase } from '@tidemark/testing';
import type { EachBatchPayload, Kafka } from 'kafkajs';
import type { Listener } from '../../src/events/event-source.js';
import { Hearing } from '../../src/events/hearing.js';
import type { EventHandler } from '../../src/inbox/handler.js';
import { Inbox } from '../../src/inbox/inbox.js';
import { PostgresInboxStore } from '../../src/inbox/postgres-inbox-store.js';
import { KafkaSource } from '../../src/kafka/kafka-source.js';
import { openKafka } from '../../src/kafka/kafka.js';
import { ensureTopic } from '../../src/kafka/topics.js';
import { KafkaProducer } from '../../src/relay/producer.js';
import { ORG_A, ORG_B, stream } from '../events/builders.js';
import { consumerSchema, notesOf, writeNote } from '../events/consumer-schema.js';
import { quickly } from '../events/kafka-pair.js';
import { caughtUp, until } from '../events/until.js';

const published = [...stream(ORG_A, 'alpha', 20), ...stream(ORG_B, 'beta', 20)];

let server: KafkaServer;
let kafka: Kafka;
let test: TestDatabase;
let db: Database;

beforeAll(async () => {
  server = await kafkaServer();
  kafka = openKafka({ brokers: server.brokers, clientId: 'test', logger: silentLogger });
  test = await freshDatabase();
  const { appUrl } = await test.migrated(consumerSchema);
  db = openDatabase({ url: appUrl, name: 'test', max: 5, logger: silentLogger });
});

beforeEach(() => test.asOwner('truncate hearer.heard, hearer.parked, hearer.parked_streams, hearer.notes'));

afterAll(async () => {
  await db?.close();
  await test?.drop();
  await server?.stop();
});

const eachAlone: EventHandler = async (events, tx) => {
  for (const event of events) await writeNote(event, tx);
};

/** A bug in what surrounds the handler: nothing catches it before kafkajs. */
class Careless extends KafkaSource {
  protected override async onBatch(payload: EachBatchPayload, listener: Listener): Promise<void> {
    if (payload.batch.messages.length > 0) (undefined as unknown as { call(): void }).call();
    await super.onBatch(payload, listener);
  }
}

interface Consumer {
  readonly hearing: Hearing;
  readonly source: KafkaSource;
  /** What the process would have said before it exits. */
  readonly exits: string[];
}

async function consumer(topic: string, Source = KafkaSource, hear = eachAlone): Promise<Consumer> {
  const source = new Source({ kafka, topic, group: `group of ${topic}`, logger: silentLogger, ...quickly });
  const inbox = new Inbox({
    ...{ source: 'orgs.events', store: new PostgresInboxStore(db), hear, logger: silentLogger },
    retries: { handlerMs: 3_600_000 },
  });
  const exits: string[] = [];
  const onStalled = (reason: string) => void exits.push(reason);
  const hearing = new Hearing({
    name: topic,
    source,
    inbox,
    onStalled,
    stallLimitMs: 5_000,
    joiningMs: 15_000,
  });
  await hearing.start();
  return { hearing, source, exits };
}

async function topicWithEvents(): Promise<string> {
  const topic = `stall-${randomUUID()}`;
  await ensureTopic(kafka, { topic, partitions: 2 });
  const producer = await KafkaProducer.connected(kafka, topic, 20_000);
  await producer.send(published);
  await producer.close();
  return topic;
}

/** A process in the place of the one that ended hears the rest; everything was heard once. */
async function freshConsumerContinues(topic: string): Promise<void> {
  const { hearing, source, exits } = await consumer(topic);
  await caughtUp(source);
  await hearing.stop();
  expect(exits).toEqual([]);
  const versions = async (org: string) => (await notesOf(db, [org])).map(({ version }) => version);
  const all = Array.from({ length: 20 }, (_, n) => n + 1);
  expect([await versions(ORG_A), await versions(ORG_B)]).toEqual([all, all]);
}

describe('R16: a consumer that hears nothing although something waits', () => {
  let detected = 0;

  it('is found out when a TypeError has ended it for good', async () => {
    const topic = await topicWithEvents();
    const { hearing, exits } = await consumer(topic, Careless);
    await until(async () => exits.length > 0);
    expect(exits).toEqual([expect.stringMatching(/has ended: .*TypeError|has ended: .*undefined/)]);
    expect(hearing.problem).toBe(exits[0]);
    detected += 1;
    await hearing.stop();
    await freshConsumerContinues(topic);
  });

  it('is found out when its handler hangs', async () => {
    const topic = await topicWithEvents();
    const hung = Promise.withResolvers<void>();
    const hanging: EventHandler = async (events, tx) => {
      await eachAlone(events, tx);
      await hung.promise;
    };
    const { hearing, exits } = await consumer(topic, KafkaSource, hanging);
    await until(async () => exits.length > 0);
    expect(exits).toEqual([
      expect.stringMatching(/^stall-.*: \d+ messages wait and none was heard for \d+ s$/),
    ]);
    expect(hearing.problem).toBe(exits[0]);
    detected += 1;
    const gone = hearing.stop();
    hung.reject(new Error('the process is gone'));
    await gone;
    await freshConsumerContinues(topic);
  });

  afterAll(() => console.log(`GATE R16 stalls=2 detected=${detected}`));
});
