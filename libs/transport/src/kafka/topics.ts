import type { Admin, Kafka } from 'kafkajs';

export interface TopicOptions {
  readonly topic: string;
  /** Never changed afterwards: a stream would move to another partition and lose its order. */
  readonly partitions?: number;
  /** Three where there are three brokers. */
  readonly replicas?: number;
}

/** Bytes of one batch of messages in one partition. */
export const LARGEST_BATCH = 2 * 1024 * 1024;

/** Makes the topic unless it is there. Returns the number of its partitions. */
export async function ensureTopic(kafka: Kafka, options: TopicOptions): Promise<number> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    await create(admin, options);
    const { topics } = await admin.fetchTopicMetadata({ topics: [options.topic] });
    return topics[0]!.partitions.length;
  } finally {
    await admin.disconnect();
  }
}

async function create(admin: Admin, { topic, partitions = 12, replicas }: TopicOptions): Promise<void> {
  if ((await admin.listTopics()).includes(topic)) return;
  const factor = replicas ?? Math.min(3, (await admin.describeCluster()).brokers.length);
  await admin.createTopics({
    waitForLeaders: true,
    topics: [
      { topic, numPartitions: partitions, replicationFactor: factor, configEntries: settings(factor) },
    ],
  });
}

/** Kept for ever: a service that is added later hears everything from its beginning. */
const settings = (replicas: number) =>
  Object.entries({
    'cleanup.policy': 'delete',
    'retention.ms': '-1',
    'retention.bytes': '-1',
    'min.insync.replicas': replicas >= 3 ? '2' : '1',
    'unclean.leader.election.enable': 'false',
    'max.message.bytes': String(LARGEST_BATCH),
  }).map(([name, value]) => ({ name, value }));
