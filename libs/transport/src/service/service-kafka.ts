import { hintTopics } from '@tidemark/contracts';
import type { LeaderTask, LogReader } from '@tidemark/event-store';
import type { ConfigOf, Hints, kafkaVariables, Logger } from '@tidemark/runtime';
import type { EventSource } from '../events/event-source.js';
import { openKafka } from '../kafka/kafka.js';
import { KafkaSource } from '../kafka/kafka-source.js';
import type { RelayState } from '../relay/relay-state.js';
import { Relay } from '../relay/relay.js';

export interface ServiceKafkaOptions {
  /** Name of the service. */
  readonly name: string;
  readonly config: ConfigOf<typeof kafkaVariables>;
  readonly hints: Hints;
  readonly logger: Logger;
}

/** How a service in a process of its own hears and publishes events. */
export class ServiceKafka {
  readonly #kafka: ReturnType<typeof openKafka>;
  #relay: Relay | undefined;

  constructor(private readonly options: ServiceKafkaOptions) {
    const { name, config, logger } = options;
    this.#kafka = openKafka({ brokers: config.kafkaBrokers, clientId: `tidemark-${name}`, logger });
  }

  source(topic: string, group: string): EventSource {
    const { config, logger } = this.options;
    const sessionTimeoutMs = config.kafkaSessionMs;
    return new KafkaSource({ kafka: this.#kafka, topic, group, logger, sessionTimeoutMs });
  }

  /** What the leader does with the log of the service beside giving positions. */
  publish(topic: string, log: LogReader, state: RelayState): LeaderTask {
    const { name, config, hints, logger } = this.options;
    const relay = new Relay({
      kafka: this.#kafka,
      topic: { topic, partitions: config.kafkaPartitions, replicas: config.kafkaReplication },
      log,
      state,
      hints,
      hint: hintTopics.log(name),
      logger,
    });
    this.#relay = relay;
    return ({ signal }) => relay.run(signal);
  }

  get lagSeconds(): number {
    return this.#relay?.lagSeconds ?? 0;
  }
}
