import { randomUUID } from 'node:crypto';
import type { Kafka } from 'kafkajs';
import type { WireMessage } from '../events/delivery.js';

export interface TopicMessage extends WireMessage {
  readonly partition: number;
  readonly offset: number;
  readonly key: string | null;
}

/** Everything that is on a topic now, each partition in its order. For comparisons and repairs; keeps it all in memory. */
export async function readTopic(kafka: Kafka, topic: string): Promise<TopicMessage[]> {
  const ends = await endsOf(kafka, topic);
  const messages: TopicMessage[] = [];
  const open = new Set([...ends].filter(([, { low, high }]) => high > low).map(([partition]) => partition));
  const groupId = `read-${randomUUID()}`;
  const consumer = kafka.consumer({
    groupId,
    allowAutoTopicCreation: false,
    sessionTimeout: 10_000,
    heartbeatInterval: 2_000,
  });
  const done = Promise.withResolvers<void>();
  if (open.size === 0) return messages;
  await consumer.connect();
  try {
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    consumer.on('consumer.crash', ({ payload }) => void (payload.restart || done.reject(payload.error)));
    await consumer.run({
      autoCommit: false,
      eachMessage: async ({ partition, message: { offset, key, headers, value } }) => {
        const end = ends.get(partition)?.high ?? 0;
        if (Number(offset) < end) {
          const texts = Object.entries(headers ?? {}).map(([name, text]) => [name, String(text)]);
          messages.push({
            partition,
            offset: Number(offset),
            key: key?.toString() ?? null,
            headers: Object.fromEntries(texts) as Record<string, string>,
            value: value ?? Buffer.alloc(0),
          });
        }
        if (Number(offset) + 1 >= end) open.delete(partition);
        if (open.size === 0) done.resolve();
      },
    });
    await done.promise;
  } finally {
    await consumer.disconnect();
    await forget(kafka, groupId);
  }
  return messages;
}

async function endsOf(kafka: Kafka, topic: string) {
  const admin = kafka.admin();
  await admin.connect();
  try {
    const offsets = await admin.fetchTopicOffsets(topic);
    return new Map(
      offsets.map(({ partition, low, high }) => [partition, { low: Number(low), high: Number(high) }]),
    );
  } finally {
    await admin.disconnect();
  }
}

async function forget(kafka: Kafka, groupId: string): Promise<void> {
  const admin = kafka.admin();
  await admin.connect();
  await admin.deleteGroups([groupId]).catch(() => undefined);
  await admin.disconnect();
}
