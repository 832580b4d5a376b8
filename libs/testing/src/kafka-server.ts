import { startKafka, temporaryDir } from '@tidemark/backing';
import { rm } from 'node:fs/promises';

export interface KafkaServer {
  /** host:port */
  readonly brokers: readonly string[];
  stop(): Promise<void>;
}

/** A real broker on loopback, or the one named by TIDEMARK_TEST_KAFKA_BROKERS; topics are the caller's own. */
export async function kafkaServer(): Promise<KafkaServer> {
  const given = process.env['TIDEMARK_TEST_KAFKA_BROKERS'];
  if (given) return { brokers: given.split(','), stop: async () => undefined };
  const dataDir = temporaryDir('kafka');
  const running = await startKafka({ dataDir, env: process.env });
  return {
    brokers: [running.url],
    async stop() {
      await running.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
