import { randomUUID } from 'node:crypto';
import type { LogEvent, RecordedEvent } from '@tidemark/contracts';
import { openDatabase, silentLogger, type Database, type Tx } from '@tidemark/runtime';
import {
  freshDatabase,
  kafkaServer,
  seededRandom,
  type KafkaServer,
  type TestDatabase,
} from '@tidemark/testing';
import type { Kafka } from 'kafkajs';
import { Hearing } from '../../src/events/hearing.js';
import { Inbox } from '../../src/inbox/inbox.js';
import { PostgresInboxStore } from '../../src/inbox/postgres-inbox-store.js';
import { toMessage } from '../../src/kafka/kafka-message.js';
import { KafkaSource } from '../../src/kafka/kafka-source.js';
import { openKafka } from '../../src/kafka/kafka.js';
import { ensureTopic } from '../../src/kafka/topics.js';
import { ORG_A, ORG_B, stream } from '../events/builders.js';
import { consumerSchema, notesOf, writeNote } from '../events/consumer-schema.js';
import { quickly } from '../events/kafka-pair.js';
import { HUGE, poisons, type RawMessage } from '../events/poisons.js';
import { caughtUp } from '../events/until.js';

const VERSIONS = 10;
const random = seededRandom();
const topic = `poison-${randomUUID()}`;

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
  await ensureTopic(kafka, { topic, partitions: 3 });
});

afterAll(async () => {
  await db?.close();
  await test?.drop();
  await server?.stop();
});

/** One stream for each poison, two whose handler fails, and as many that nothing happens to. */
const names = ['throws', 'type-error', ...poisons.map((_, n) => `poisoned-${n}`)];
const calm = names.map((name) => `calm-${name}`);
const orgOf = (index: number) => (index % 2 === 0 ? ORG_A : ORG_B);
const events = [...names, ...calm].flatMap((name, index) => stream(orgOf(index), name, VERSIONS));

/** Streams mixed, each in its own order; then each poison somewhere before the event whose place it claims. */
function mixed(): { messages: RawMessage[]; poisonedFrom: Map<string, number> } {
  const left = Map.groupBy(events, (event) => event.stream);
  const order = random.shuffled(events.map((event) => event.stream));
  const messages: RawMessage[] = order.map((name) => toMessage(left.get(name)!.shift()!));
  const poisonedFrom = new Map<string, number>();
  poisons.forEach((poison, n) => {
    const name = `poisoned-${n}`;
    const version = 1 + random.below(VERSIONS);
    const victim = events.find((event) => event.stream === name && event.version === version)!;
    const indexOf = (wanted: number) =>
      messages.findIndex((one) => one.key === name && one.headers['stream-version'] === String(wanted));
    const [earliest, latest] = [indexOf(version - 1) + 1, indexOf(version)];
    messages.splice(earliest + random.below(latest - earliest + 1), 0, poison.of(victim));
    if (poison.placed) poisonedFrom.set(name, version);
  });
  for (const name of ['throws', 'type-error']) poisonedFrom.set(name, 1 + random.below(VERSIONS));
  return { messages, poisonedFrom };
}

async function publish(messages: readonly RawMessage[]): Promise<void> {
  const producer = kafka.producer();
  await producer.connect();
  for (let from = 0; from < messages.length; from += 100)
    await producer.send({ topic, messages: messages.slice(from, from + 100) });
  await producer.disconnect();
}

let broken = true;
const { messages, poisonedFrom } = mixed();

async function hear(batch: readonly RecordedEvent[], tx: Tx): Promise<void> {
  for (const event of batch) {
    if (broken && poisonedFrom.get(event.stream) === event.version) fail(event.stream);
    await writeNote(event, tx);
  }
}

function fail(name: string): void {
  if (name === 'throws') throw new Error('this handler always throws');
  if (name === 'type-error') (undefined as unknown as { call(): void }).call();
}

const kept = (event: LogEvent) => event.version < (poisonedFrom.get(event.stream) ?? Infinity);
const lines = (all: readonly { stream: string; version: number }[]) =>
  all.map(({ stream, version }) => `${stream} ${version}`);
const inStreams = (all: readonly { stream: string; version: number }[]) =>
  Object.groupBy(lines(all), (one) => one.split(' ')[0]!);

describe('R15: a poison message', () => {
  it('parks its own stream, lets all others flow, and the replay after the fix restores the order', async () => {
    const store = new PostgresInboxStore(db);
    const inbox = new Inbox({
      ...{ source: 'orgs.events', store, hear, logger: silentLogger },
      retries: { pausesMs: [5, 10, 15, 20, 25] },
    });
    const stalls: string[] = [];
    const options = {
      kafka,
      topic,
      group: `g-${randomUUID()}`,
      logger: silentLogger,
      largestMessage: HUGE,
      ...quickly,
    };
    const source = new KafkaSource(options);
    const onStalled = (reason: string) => void stalls.push(reason);
    const hearing = new Hearing({ name: topic, source, inbox, onStalled });
    await hearing.start();
    await publish(messages);
    await caughtUp(source);

    expect(inStreams(await notesOf(db, [ORG_A, ORG_B]))).toEqual(inStreams(events.filter(kept)));
    const placed = poisons.filter((poison) => poison.placed).length;
    const parked = await store.parkedMessages();
    expect(parked).toBe(events.filter((event) => !kept(event)).length + placed);
    const unreadable = await test.asOwner<{ reason: string }>('select reason from hearer.unreadable');
    expect(unreadable).toHaveLength(poisons.length - placed);

    await publish([toMessage({ ...events[0]!, stream: 'afterwards' })]);
    await caughtUp(source);
    expect(lines(await notesOf(db, [ORG_A]))).toContain('afterwards 1');

    broken = false;
    for (const { org, stream: name } of await store.parkedStreams(1_000)) await inbox.replay(org, name);
    await hearing.stop();
    expect(await store.parkedMessages()).toBe(0);
    const after = (await notesOf(db, [ORG_A, ORG_B])).filter((note) => note.stream !== 'afterwards');
    const lost = events.length - new Set(lines(after)).size;
    const reordered = Object.values(inStreams(after)).filter((all) =>
      all!.some((one, n) => !one.endsWith(` ${n + 1}`)),
    ).length;
    expect(inStreams(after)).toEqual(inStreams(events));
    expect(stalls).toEqual([]);
    console.log(
      `GATE R15 poisons=${poisons.length + 2} parked=${parked} unreadable=${unreadable.length} lost=${lost} reordered=${reordered} seed=${random.seed}`,
    );
  });
});
