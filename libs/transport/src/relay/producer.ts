import { setTimeout as wait } from 'node:timers/promises';
import type { LogEvent } from '@tidemark/contracts';
import kafkajs, { type Kafka, type Producer } from 'kafkajs';
import { toMessage } from '../kafka/kafka-message.js';

export interface EventProducer {
  /** Resolves when all in-sync replicas have all of it. After a rejection the outcome is unknown and this producer is spent. */
  send(events: readonly LogEvent[]): Promise<void>;
  close(): Promise<void>;
}

/**
 * kafkajs repeats a send whose acknowledgement was lost under the same sequence number, which the broker recognizes.
 * A few repeats only: a send that was given up must not go on in the background.
 */
export class KafkaProducer implements EventProducer {
  private constructor(
    private readonly producer: Producer,
    private readonly topic: string,
    private readonly sendMs: number,
  ) {}

  static async connected(kafka: Kafka, topic: string, sendMs: number): Promise<KafkaProducer> {
    const producer = kafka.producer({
      idempotent: true,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
      retry: { retries: 5, initialRetryTime: 300, maxRetryTime: 2_000 },
    });
    await producer.connect();
    return new KafkaProducer(producer, topic, sendMs);
  }

  async send(events: readonly LogEvent[]): Promise<void> {
    const over = new AbortController();
    const late = wait(this.sendMs, undefined, { signal: over.signal }).then(() => {
      throw new Error(`Kafka did not acknowledge within ${this.sendMs} ms.`);
    });
    late.catch(() => undefined);
    const sending = this.producer.send({ topic: this.topic, acks: -1, messages: events.map(toMessage) });
    try {
      await Promise.race([sending, late]);
    } finally {
      over.abort();
    }
  }

  async close(): Promise<void> {
    await Promise.race([
      this.producer.disconnect().catch(() => undefined),
      wait(2_000, undefined, { ref: false }),
    ]);
  }
}
