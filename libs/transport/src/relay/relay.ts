import { setTimeout as wait } from 'node:timers/promises';
import { Bell, type LogReader } from '@tidemark/event-store';
import type { Hints, Logger } from '@tidemark/runtime';
import type { Kafka } from 'kafkajs';
import { reasonOf } from '../events/reason.js';
import { ensureTopic, type TopicOptions } from '../kafka/topics.js';
import { inBatches } from './batches.js';
import { KafkaProducer, type EventProducer } from './producer.js';
import type { RelayState } from './relay-state.js';

export interface RelayOptions {
  readonly kafka: Kafka;
  readonly topic: TopicOptions;
  readonly log: LogReader;
  readonly state: RelayState;
  readonly hints: Hints;
  /** The hint that the log has grown: `hintTopics.log(service)`. */
  readonly hint: string;
  readonly logger: Logger;
  readonly batchSize?: number;
  readonly pollMs?: number;
  /** After this an unanswered send counts as unknown and is made again by a new producer. */
  readonly sendMs?: number;
}

/**
 * Publishes a log on its topic in the order of its positions: one send at a time, and the checkpoint after its
 * acknowledgement. What was sent without a known outcome is sent again from the checkpoint, so the topic may hold
 * repeats; the first appearance of each event is in order, also when two relays run for a moment, because each one
 * begins behind something that is on the topic already.
 */
export class Relay {
  private readonly bell = new Bell();
  private oldest: number | undefined;

  constructor(private readonly options: RelayOptions) {}

  /** Age of the oldest event that is not on the topic; 0 when none waits. */
  get lagSeconds(): number {
    return this.oldest === undefined ? 0 : Math.max(0, (Date.now() - this.oldest) / 1000);
  }

  /** Runs until the signal comes. A task for the leader of the service: `({ signal }) => relay.run(signal)`. */
  async run(signal: AbortSignal): Promise<void> {
    const { hints, hint, logger, topic } = this.options;
    const unsubscribe = hints.subscribe(hint, () => this.bell.ring());
    for (let pauseMs = 100; !signal.aborted; pauseMs = Math.min(2 * pauseMs, 5_000)) {
      const sent = await this.publish(signal).catch((error: unknown) => {
        logger.warn(
          { topic: topic.topic, error: reasonOf(error) },
          'events cannot be published at the moment',
        );
        return 0;
      });
      if (sent > 0) pauseMs = 100;
      await wait(pauseMs, undefined, { signal }).catch(() => undefined);
    }
    unsubscribe();
    this.oldest = undefined;
  }

  /** With a producer of its own, which is thrown away with the first failure: its next send could be taken for a repeat. */
  private async publish(signal: AbortSignal): Promise<number> {
    const { kafka, topic, sendMs = 30_000 } = this.options;
    await ensureTopic(kafka, topic);
    const producer = await KafkaProducer.connected(kafka, topic.topic, sendMs);
    try {
      return await this.follow(producer, signal);
    } finally {
      await producer.close();
    }
  }

  private async follow(producer: EventProducer, signal: AbortSignal): Promise<number> {
    const { log, state, topic, batchSize = 500, pollMs = 250 } = this.options;
    let position = await state.load(topic.topic);
    for (let sent = 0; ;) {
      if (signal.aborted) return sent;
      this.bell.quiet();
      const events = await log.read(position, batchSize);
      for (const batch of inBatches(events)) {
        this.oldest = Date.parse(batch[0]!.at);
        await producer.send(batch);
        position = batch.at(-1)!.position;
        await state.save(topic.topic, position);
        sent += batch.length;
        if (signal.aborted) return sent;
      }
      if (events.length === 0) {
        this.oldest = undefined;
        await this.bell.wait(pollMs, signal);
      }
    }
  }
}
