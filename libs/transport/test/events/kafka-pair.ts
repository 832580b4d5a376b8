import { randomUUID } from 'node:crypto';
import { silentLogger, type Database } from '@tidemark/runtime';
import type { EachBatchPayload, Kafka, KafkaMessage } from 'kafkajs';
import type { EventsPair } from './events.contract.js';
import { PostgresInboxStore } from '../../src/inbox/postgres-inbox-store.js';
import { KafkaSource, type KafkaSourceOptions } from '../../src/kafka/kafka-source.js';
import { ensureTopic } from '../../src/kafka/topics.js';
import { KafkaProducer } from '../../src/relay/producer.js';
import { ORG_A, ORG_B } from './builders.js';
import { notesOf, writeNote } from './consumer-schema.js';

/** As in tests of everybody: a killed member is missed soon. */
export const quickly = {
  sessionTimeoutMs: 10_000,
  heartbeatMs: 1_000,
  rebalanceTimeoutMs: 15_000,
  maxWaitMs: 100,
};

class GuardedSource extends KafkaSource {
  constructor(
    options: KafkaSourceOptions,
    private readonly acknowledging: () => void,
  ) {
    super(options);
  }

  protected override async acknowledge(payload: EachBatchPayload, message: KafkaMessage): Promise<void> {
    this.acknowledging();
    await super.acknowledge(payload, message);
  }
}

/** A topic and a group of its own on a real broker, and the inbox in a real database. */
export async function kafkaPair(kafka: Kafka, db: Database): Promise<EventsPair> {
  const topic = `events-${randomUUID()}`;
  const group = `group-${randomUUID()}`;
  await ensureTopic(kafka, { topic, partitions: 3 });
  const producer = await KafkaProducer.connected(kafka, topic, 20_000);
  const options = { kafka, topic, group, logger: silentLogger, batchSize: 8, ...quickly };
  return {
    store: new PostgresInboxStore(db),
    publish: (events) => producer.send(events),
    source: (acknowledging) => new GuardedSource(options, acknowledging),
    async rewind() {
      const admin = kafka.admin();
      await admin.connect();
      await admin.deleteGroups([group]);
      await admin.disconnect();
    },
    write: writeNote,
    entries: () => notesOf(db, [ORG_A, ORG_B]),
    close: () => producer.close(),
  };
}
