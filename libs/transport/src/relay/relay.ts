import type { Kafka } from 'kafkajs';
import { ensureTopic, type TopicOptions } from '../kafka/topics.js';
import { KafkaProducer } from './producer.js';
import { Publisher, type PublisherOptions } from './publisher.js';

export interface RelayOptions extends Omit<PublisherOptions, 'topic' | 'connect'> {
  readonly kafka: Kafka;
  readonly topic: TopicOptions;
  /** After this an unanswered send counts as unknown and is made again by a new producer. */
  readonly sendMs?: number;
}

/** Publishes a log on Kafka; the topic is made when it is not there. */
export class Relay extends Publisher {
  constructor({ kafka, topic, sendMs = 30_000, ...options }: RelayOptions) {
    super({
      ...options,
      topic: topic.topic,
      connect: async () => {
        await ensureTopic(kafka, topic);
        return KafkaProducer.connected(kafka, topic.topic, sendMs);
      },
    });
  }
}
