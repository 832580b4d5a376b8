import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { releasedEvents, type LogEvent, type NewEvent, type RecordedEvent } from '@tidemark/contracts';
import { MemoryHints, silentLogger } from '@tidemark/runtime';
import { kafkaServer, type KafkaServer } from '@tidemark/testing';
import type { Kafka } from 'kafkajs';
import { Hearing } from '../../src/events/hearing.js';
import { fromWire } from '../../src/events/wire.js';
import { Inbox } from '../../src/inbox/inbox.js';
import { MemoryInboxStore } from '../../src/inbox/memory-inbox-store.js';
import { KafkaSource } from '../../src/kafka/kafka-source.js';
import { openKafka } from '../../src/kafka/kafka.js';
import { readTopic } from '../../src/kafka/read-topic.js';
import { MemoryRelayState } from '../../src/relay/relay-state.js';
import { Relay } from '../../src/relay/relay.js';
import { event, ORG_A, positioned } from '../events/builders.js';
import { quickly } from '../events/kafka-pair.js';
import { caughtUp, until } from '../events/until.js';

const folder = join(import.meta.dirname, '../../../contracts/fixtures/events');
const golden = readdirSync(folder).map(
  (file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as NewEvent,
);

const at = (stream: string, { type, typeVersion, data }: NewEvent, more: Partial<LogEvent> = {}) =>
  event(ORG_A, stream, 1, { type, typeVersion, data, ...more });

const known = golden.map((one, n) => at(`golden-${n}`, one));
const extended = golden.map((one, n) =>
  at(
    `extended-${n}`,
    { ...one, data: { ...one.data, later: { nested: ['é🌊', 1e-7, null] } } },
    {
      meta: { account: 'acct_a', requestId: 'r', command: 'c', trace: '00-1' } as LogEvent['meta'],
    },
  ),
);
const unknown = [
  at('unknown-type', { type: 'OrganizationTeleported', typeVersion: 1, data: { to: 'moon' } }),
  ...golden.map((one, n) => at(`unknown-version-${n}`, { ...one, typeVersion: 999 })),
];
const log = positioned([...known, ...extended, ...unknown]);

const topic = `released-${randomUUID()}`;
let server: KafkaServer;
let kafka: Kafka;

beforeAll(async () => {
  server = await kafkaServer();
  kafka = openKafka({ brokers: server.brokers, clientId: 'test', logger: silentLogger });
});

afterAll(() => server?.stop());

async function relayed(): Promise<void> {
  const state = new MemoryRelayState();
  const relay = new Relay({
    ...{ kafka, topic: { topic, partitions: 3 }, state, hint: 'log:orgs', logger: silentLogger },
    hints: new MemoryHints(silentLogger),
    log: { read: async (after, limit) => log.slice(after, after + limit), head: async () => log.length },
  });
  const stopping = new AbortController();
  const running = relay.run(stopping.signal);
  await until(async () => (await state.load(topic)) === log.length);
  stopping.abort();
  await running;
}

async function heardFromKafka() {
  const heard: RecordedEvent[] = [];
  const store = new MemoryInboxStore();
  const hear = async (events: readonly RecordedEvent[]) => void heard.push(...events);
  const source = new KafkaSource({ kafka, topic, group: `g-${topic}`, logger: silentLogger, ...quickly });
  const inbox = new Inbox({ source: 'orgs.events', store, hear, logger: silentLogger });
  const hearing = new Hearing({ name: topic, source, inbox, onStalled: () => undefined });
  await hearing.start();
  await caughtUp(source);
  await hearing.stop();
  return { heard, store };
}

const byStream = (events: readonly RecordedEvent[]) =>
  [...events].sort((a, b) => (a.stream < b.stream ? -1 : 1));

describe('R18: events of every release', () => {
  it('have a golden file each', () => {
    const files = golden.map(({ type, typeVersion }) => ({ type, version: typeVersion }));
    const sorted = (all: { type: string; version: number }[]) =>
      all.map(({ type, version }) => `${type} ${version}`).sort();
    expect(sorted(files)).toEqual(sorted(releasedEvents()));
  });

  it('go through relay, Kafka and inbox as they are; unknown ones are parked, unknown fields survive', async () => {
    await relayed();
    const { heard, store } = await heardFromKafka();
    expect(byStream(heard)).toEqual(byStream(log.slice(0, known.length + extended.length)));
    const parked = await store.parkedStreams(1_000);
    expect(parked.map(({ stream }) => stream).sort()).toEqual(unknown.map(({ stream }) => stream).sort());
    const types = new Set(golden.map(({ type }) => type)).size;
    console.log(`GATE R18 types=${types} versions=${golden.length} parked=${parked.length} ok`);
  });

  it('can be read from the topic one by one, with the headers that others rely on', async () => {
    const messages = await readTopic(kafka, topic);
    const read = messages.map((message) => fromWire(message));
    expect(byStream(read.map((one) => (one as { event: LogEvent }).event))).toEqual(byStream(log));
    expect(messages.map(({ key }) => key)).toEqual(messages.map(({ headers }) => headers['stream']));
    expect(Object.keys(messages[0]!.headers).sort()).toEqual(
      ['event-id', 'type', 'version', 'org', 'stream', 'stream-version', 'position', 'at'].sort(),
    );
  });
});
