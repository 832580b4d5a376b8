import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from '@tidemark/runtime';
import type { Consumer, EachBatchPayload, Kafka, KafkaMessage } from 'kafkajs';
import type { EventSource, Listener, SourceState } from '../events/event-source.js';
import { reasonOf } from '../events/reason.js';
import { GroupLag } from './group-lag.js';
import { beating, type Heartbeat } from './heartbeat.js';
import { toDelivery } from './kafka-message.js';

export interface KafkaSourceOptions {
  readonly kafka: Kafka;
  readonly topic: string;
  /** Consumers with one group share the work; each service has its own. */
  readonly group: string;
  readonly logger: Logger;
  /** A member that was killed is missed after this; its partitions wait as long. */
  readonly sessionTimeoutMs?: number;
  readonly heartbeatMs?: number;
  readonly rebalanceTimeoutMs?: number;
  readonly maxBytesPerPartition?: number;
  /** How long the broker holds a request back when there is nothing new; a stop waits for its answer. */
  readonly maxWaitMs?: number;
  /** Partitions heard at the same time. */
  readonly concurrency?: number;
  readonly batchSize?: number;
  readonly largestMessage?: number;
}

const defaults = {
  sessionTimeoutMs: 45_000,
  heartbeatMs: 5_000,
  rebalanceTimeoutMs: 90_000,
  maxBytesPerPartition: 262_144,
  maxWaitMs: 1_000,
  concurrency: 3,
  batchSize: 500,
};

/** Hears a topic as a member of a group. Offsets are committed after the batch has been heard, never before. */
export class KafkaSource implements EventSource {
  private readonly options: KafkaSourceOptions & typeof defaults;
  private readonly groupLag: GroupLag;
  private readonly stopping = new AbortController();
  private starting: Promise<void> | undefined;
  private consumer: Consumer | undefined;
  /** The partitions of this member; nothing while it is no member. */
  private assigned: ReadonlySet<number> | undefined;

  constructor(options: KafkaSourceOptions) {
    this.options = { ...defaults, ...options };
    this.groupLag = new GroupLag(options.kafka, options.topic, options.group);
  }

  async start(listener: Listener): Promise<void> {
    this.starting ??= this.join(listener);
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    // While the broker is away a connection in the making takes its time; it is not used any more.
    await Promise.race([this.starting, wait(2_000, undefined, { ref: false })]);
    await this.consumer?.stop();
    await this.consumer?.disconnect();
    await this.groupLag.close();
  }

  async state(): Promise<SourceState> {
    const { assigned } = this;
    const { lag, mark } = await this.groupLag.of((partition) => assigned?.has(partition) ?? true);
    return { lag, mark, joining: assigned === undefined };
  }

  /** One batch of one partition, as kafkajs hands it over. Whatever goes wrong in it leaves as a plain Error: kafkajs stops for good on a TypeError. */
  protected async onBatch(payload: EachBatchPayload, listener: Listener): Promise<void> {
    const heartbeat = beating(() => payload.heartbeat(), this.options.heartbeatMs / 2);
    try {
      await this.hear(payload, heartbeat, listener);
    } catch (error) {
      throw isKafkas(error) ? error : new Error(reasonOf(error));
    } finally {
      heartbeat.stop();
    }
    if (heartbeat.lost !== undefined) throw heartbeat.lost;
  }

  /** What lies behind `message` is heard next, after a restart too. */
  protected async acknowledge(payload: EachBatchPayload, { offset }: KafkaMessage): Promise<void> {
    const { topic, partition } = payload.batch;
    payload.resolveOffset(offset);
    const next = { partition, offset: String(BigInt(offset) + 1n) };
    await payload.commitOffsetsIfNecessary({ topics: [{ topic, partitions: [next] }] });
  }

  private async hear(payload: EachBatchPayload, heartbeat: Heartbeat, listener: Listener): Promise<void> {
    const { messages } = payload.batch;
    const { batchSize } = this.options;
    for (let from = 0; from < messages.length; from += batchSize) {
      const part = messages.slice(from, from + batchSize);
      if (!(await this.deliver(part, payload, heartbeat, listener))) return;
      await this.acknowledge(payload, part.at(-1)!);
    }
  }

  /** Tries until it is done. False when that is somebody else's business from now on. */
  private async deliver(
    messages: readonly KafkaMessage[],
    payload: EachBatchPayload,
    heartbeat: Heartbeat,
    listener: Listener,
  ): Promise<boolean> {
    const { largestMessage, logger, topic } = this.options;
    const { signal } = this.stopping;
    const deliveries = messages.map((message) =>
      toDelivery(message, payload.batch.partition, largestMessage),
    );
    for (let pauseMs = 100; ; pauseMs = Math.min(2 * pauseMs, 5_000)) {
      if (signal.aborted || isOver(payload, heartbeat)) return false;
      try {
        await listener.deliver(deliveries, signal);
        return true;
      } catch (error) {
        if (signal.aborted) return false;
        const { partition } = payload.batch;
        logger.warn({ topic, partition, error: reasonOf(error) }, 'events cannot be heard at the moment');
        await wait(pauseMs, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  /** Until the first time it is a member; from then on kafkajs joins again by itself. */
  private async join(listener: Listener): Promise<void> {
    const { signal } = this.stopping;
    const { topic, logger } = this.options;
    while (!signal.aborted) {
      const consumer = this.newConsumer(listener);
      try {
        await consumer.connect();
        await consumer.subscribe({ topics: [topic], fromBeginning: true });
        signal.throwIfAborted();
        this.consumer = consumer;
        await this.run(consumer, listener);
        return;
      } catch (error) {
        if (!signal.aborted) logger.warn({ topic, error: reasonOf(error) }, 'the topic cannot be heard yet');
        await consumer.disconnect().catch(() => undefined);
        await wait(1_000, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  private run(consumer: Consumer, listener: Listener): Promise<void> {
    return consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: this.options.concurrency,
      eachBatch: (payload) => this.onBatch(payload, listener),
    });
  }

  private newConsumer(listener: Listener): Consumer {
    const { kafka, topic, group, sessionTimeoutMs, heartbeatMs, rebalanceTimeoutMs } = this.options;
    const consumer = kafka.consumer({
      groupId: group,
      sessionTimeout: sessionTimeoutMs,
      heartbeatInterval: heartbeatMs,
      rebalanceTimeout: rebalanceTimeoutMs,
      maxBytesPerPartition: this.options.maxBytesPerPartition,
      maxWaitTimeInMs: this.options.maxWaitMs,
      allowAutoTopicCreation: false,
    });
    const leave = () => (this.assigned = undefined);
    consumer.on(
      'consumer.group_join',
      ({ payload }) => (this.assigned = new Set(payload.memberAssignment[topic])),
    );
    consumer.on('consumer.rebalancing', leave);
    consumer.on('consumer.disconnect', leave);
    consumer.on('consumer.crash', ({ payload }) => {
      leave();
      if (!payload.restart) listener.ended(`the consumer of ${topic} has ended: ${reasonOf(payload.error)}`);
    });
    return consumer;
  }
}

/** The partition is not, or will soon not be, this member's. */
const isOver = (payload: EachBatchPayload, heartbeat: Heartbeat): boolean =>
  !payload.isRunning() || payload.isStale() || heartbeat.lost !== undefined;

/** kafkajs knows how to go on after its own: it joins again, or looks for the new coordinator. */
const isKafkas = (error: unknown): boolean => error instanceof Error && error.name.startsWith('KafkaJS');
