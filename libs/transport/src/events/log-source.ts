import type { LogEvent } from '@tidemark/contracts';
import { Bell, type LogReader } from '@tidemark/event-store';
import type { Hints, Logger } from '@tidemark/runtime';
import { again } from './again.js';
import type { Checkpoints } from './checkpoints.js';
import type { EventSource, Listener, SourceState } from './event-source.js';
import { reasonOf } from './reason.js';

export interface LogSourceOptions {
  /** Names the reader's checkpoint: the topic that the log is published on, or a projection. */
  readonly source: string;
  readonly log: LogReader;
  /** In the consumer's own schema. */
  readonly checkpoints: Checkpoints;
  readonly hints: Hints;
  /** The hint that the log has grown: `hintTopics.log(service)`. */
  readonly hint: string;
  readonly logger: Logger;
  readonly batchSize?: number;
  /** How long it waits when no hint comes: hints may be lost. */
  readonly pollMs?: number;
}

/** Reads a log by position. The checkpoint is saved after a batch has been heard, never before. */
export class LogSource implements EventSource {
  private readonly stopping = new AbortController();
  private readonly bell = new Bell();
  private running: Promise<void> | undefined;

  constructor(private readonly options: LogSourceOptions) {}

  async start(listener: Listener): Promise<void> {
    this.running ??= this.run(listener);
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  async state(): Promise<SourceState> {
    const { log, checkpoints, source } = this.options;
    const position = await checkpoints.load(source);
    return { lag: (await log.head()) - position, mark: String(position), joining: false };
  }

  private async run(listener: Listener): Promise<void> {
    const { hints, hint, source, logger } = this.options;
    const unsubscribe = hints.subscribe(hint, () => this.bell.ring());
    const failed = (error: unknown) =>
      logger.warn({ source, error: reasonOf(error) }, 'events cannot be heard at the moment');
    await again((achieved) => this.follow(listener, achieved), failed, this.stopping.signal);
    unsubscribe();
  }

  /** From the checkpoint on, until something fails or the source stops. */
  private async follow(listener: Listener, achieved: () => void): Promise<void> {
    const { log, checkpoints, source, batchSize = 500, pollMs = 250 } = this.options;
    const { signal } = this.stopping;
    let position = await checkpoints.load(source);
    while (!signal.aborted) {
      this.bell.quiet();
      const events = await log.read(position, batchSize);
      mustFollow(events, position);
      if (events.length > 0) {
        await listener.deliver(
          events.map((event) => ({ kind: 'event', event })),
          signal,
        );
        position += events.length;
        await checkpoints.save(source, position);
        achieved();
      } else await this.bell.wait(pollMs, signal);
    }
  }
}

function mustFollow(events: readonly LogEvent[], position: number): void {
  const wrong = events.findIndex((event, index) => event.position !== position + index + 1);
  if (wrong >= 0) throw new Error(`The log has no event at position ${position + wrong + 1}.`);
}
