import { Bell, type LogReader } from '@tidemark/event-store';
import type { Hints, Logger } from '@tidemark/runtime';
import { again } from '../events/again.js';
import { reasonOf } from '../events/reason.js';
import { inBatches } from './batches.js';
import type { EventProducer } from './producer.js';
import type { RelayState } from './relay-state.js';

export interface PublisherOptions {
  readonly topic: string;
  /** A producer of its own for each try: one that failed is thrown away, its next send could be taken for a repeat. */
  readonly connect: () => Promise<EventProducer>;
  readonly log: LogReader;
  readonly state: RelayState;
  readonly hints: Hints;
  /** The hint that the log has grown: `hintTopics.log(service)`. */
  readonly hint: string;
  readonly logger: Logger;
  readonly batchSize?: number;
  readonly pollMs?: number;
}

/**
 * Publishes a log on its topic in the order of its positions: one send at a time, and the checkpoint after its
 * acknowledgement. What was sent without a known outcome is sent again from the checkpoint, so the topic may hold
 * repeats; the first appearance of each event is in order, also when two relays run for a moment, because each one
 * begins behind something that is on the topic already.
 */
export class Publisher {
  private readonly bell = new Bell();
  private oldest: number | undefined;

  constructor(private readonly options: PublisherOptions) {}

  /** Age of the oldest event that is not on the topic; 0 when none waits. */
  get lagSeconds(): number {
    return this.oldest === undefined ? 0 : Math.max(0, (Date.now() - this.oldest) / 1000);
  }

  /** Runs until the signal comes. A task for the leader of the service: `({ signal }) => relay.run(signal)`. */
  async run(signal: AbortSignal): Promise<void> {
    const { hints, hint, logger, topic } = this.options;
    const unsubscribe = hints.subscribe(hint, () => this.bell.ring());
    const failed = async (error: unknown) => {
      logger.warn({ topic, error: reasonOf(error) }, 'events cannot be published at the moment');
      await this.lookWhatWaits().catch(() => undefined);
    };
    await again((achieved) => this.publish(signal, achieved), failed, signal);
    unsubscribe();
    this.oldest = undefined;
  }

  private async publish(signal: AbortSignal, achieved: () => void): Promise<void> {
    const producer = await this.options.connect();
    try {
      await this.follow(producer, signal, achieved);
    } finally {
      await producer.close();
    }
  }

  private async lookWhatWaits(): Promise<void> {
    const { log, state, topic } = this.options;
    const [first] = await log.read(await state.load(topic), 1);
    this.oldest = first && Date.parse(first.at);
  }

  private async follow(producer: EventProducer, signal: AbortSignal, achieved: () => void): Promise<void> {
    const { log, state, topic, batchSize = 500, pollMs = 250 } = this.options;
    let position = await state.load(topic);
    while (!signal.aborted) {
      this.bell.quiet();
      const events = await log.read(position, batchSize);
      for (const batch of inBatches(events)) {
        this.oldest = Date.parse(batch[0]!.at);
        await producer.send(batch);
        position = batch.at(-1)!.position;
        await state.save(topic, position);
        achieved();
        if (signal.aborted) return;
      }
      if (events.length > 0) continue;
      this.oldest = undefined;
      await this.bell.wait(pollMs, signal);
    }
  }
}
