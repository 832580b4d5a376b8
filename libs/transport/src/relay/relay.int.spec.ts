import { randomUUID } from 'node:crypto';
import { PostgresLogReader } from '@tidemark/event-store';
import { MemoryHints, openDatabase, silentLogger, type Database } from '@tidemark/runtime';
import { freshDatabase, kafkaServer, type KafkaServer, type TestDatabase } from '@tidemark/testing';
import kafkajs, { type Kafka } from 'kafkajs';
import { ORG_A, ORG_B, stream } from '../../test/events/builders.js';
import { appendAll, givePositions, tellerSchema } from '../../test/events/log-pair.js';
import { until } from '../../test/events/until.js';
import { openKafka } from '../kafka/kafka.js';
import { readTopic } from '../kafka/read-topic.js';
import { ensureTopic, LARGEST_BATCH } from '../kafka/topics.js';
import { PostgresRelayState } from './relay-state.js';
import { Relay } from './relay.js';

const hint = 'log:teller';
let server: KafkaServer;
let kafka: Kafka;
let test: TestDatabase;
let app: Database;
let relayDb: Database;

const open = (url: string) => openDatabase({ url, name: 'test', max: 3, logger: silentLogger });

beforeAll(async () => {
  server = await kafkaServer();
  kafka = openKafka({ brokers: server.brokers, clientId: 'test', logger: silentLogger });
  test = await freshDatabase();
  const { appUrl, relayUrl } = await test.migrated(tellerSchema);
  [app, relayDb] = [open(appUrl), open(relayUrl)];
});

afterAll(async () => {
  for (const db of [app, relayDb]) await db?.close();
  await test?.drop();
  await server?.stop();
});

function relayTo(topic: string) {
  const [state, log] = [new PostgresRelayState(relayDb), new PostgresLogReader(relayDb)];
  const hints = new MemoryHints(silentLogger);
  const relay = new Relay({
    kafka,
    topic: { topic, partitions: 3 },
    log,
    state,
    hints,
    hint,
    logger: silentLogger,
  });
  const stopping = new AbortController();
  const running = relay.run(stopping.signal);
  return {
    caughtUp: () => until(async () => (await state.load(topic)) === (await log.head())),
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

describe('the relay from Postgres to Kafka', () => {
  it('publishes the log, goes on after a restart, and keeps each stream in one partition and in order', async () => {
    const topic = `relay-${randomUUID()}`;
    await appendAll(app, [...stream(ORG_A, 'alpha', 5), ...stream(ORG_B, 'beta', 5)]);
    await givePositions(relayDb);
    const first = relayTo(topic);
    await first.caughtUp();
    await first.stop();
    await appendAll(app, stream(ORG_A, 'alpha', 9).slice(5));
    await givePositions(relayDb);
    const second = relayTo(topic);
    await second.caughtUp();
    await second.stop();

    const messages = await readTopic(kafka, topic);
    const streams = Map.groupBy(messages, ({ headers }) => headers['stream']);
    const versions = (name: string) =>
      streams.get(name)?.map(({ headers }) => Number(headers['stream-version']));
    expect(versions('alpha')).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(versions('beta')).toEqual([1, 2, 3, 4, 5]);
    for (const own of streams.values()) expect(new Set(own.map(({ partition }) => partition)).size).toBe(1);
  });

  it('can be read and written by the relay’s role alone', async () => {
    const state = new PostgresRelayState(app);
    await expect(state.load('t')).rejects.toThrow('permission denied');
    await expect(state.save('t', 1)).rejects.toThrow('permission denied');
  });

  it('never sets its checkpoint back', async () => {
    const state = new PostgresRelayState(relayDb);
    await state.save('other', 5);
    await state.save('other', 3);
    expect(await state.load('other')).toBe(5);
  });
});

describe('a topic', () => {
  it('is made once, keeps its partitions, and keeps messages for ever', async () => {
    const topic = `made-${randomUUID()}`;
    expect(await ensureTopic(kafka, { topic, partitions: 5 })).toBe(5);
    expect(await ensureTopic(kafka, { topic, partitions: 7 })).toBe(5);
    const admin = kafka.admin();
    await admin.connect();
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: [{ type: kafkajs.ConfigResourceTypes.TOPIC, name: topic }],
    });
    await admin.disconnect();
    const settings = Object.fromEntries(
      resources[0]!.configEntries.map(({ configName, configValue }) => [configName, configValue]),
    );
    expect(settings).toMatchObject({
      'cleanup.policy': 'delete',
      'retention.ms': '-1',
      'unclean.leader.election.enable': 'false',
      'max.message.bytes': String(LARGEST_BATCH),
    });
  });
});
