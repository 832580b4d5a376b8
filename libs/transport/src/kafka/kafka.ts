import type { Logger } from '@tidemark/runtime';
import kafkajs, { type Kafka, type LogEntry } from 'kafkajs';
import { quietTimers } from './quiet-timer.js';

export interface KafkaOptions {
  /** host:port */
  readonly brokers: readonly string[];
  /** Seen in the broker's log: the name of the service. */
  readonly clientId: string;
  readonly logger: Logger;
}

/** One per process; connects when somebody uses it. */
export function openKafka({ brokers, clientId, logger }: KafkaOptions): Kafka {
  quietTimers();
  return new kafkajs.Kafka({
    brokers: [...brokers],
    clientId,
    connectionTimeout: 5_000,
    requestTimeout: 20_000,
    enforceRequestTimeout: true,
    retry: { initialRetryTime: 300, maxRetryTime: 3_000, retries: 5 },
    logLevel: kafkajs.logLevel.WARN,
    logCreator: () => (entry) => passOn(logger, entry),
  });
}

/** What kafkajs calls an error is mostly the network, which heals; what does not heal is reported by whoever waits for it. */
function passOn(logger: Logger, { namespace, log }: LogEntry): void {
  const { message, error, ...more } = log as { message: string } & Record<string, unknown>;
  const { groupId, broker, topic, partition } = more;
  const text = error instanceof Error ? error.message : error;
  logger.warn({ namespace, error: text, groupId, broker, topic, partition }, `kafka: ${message}`);
}
