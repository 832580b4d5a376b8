import type { Inbox } from '../inbox/inbox.js';
import type { EventSource } from './event-source.js';
import { StallWatch } from './stall-watch.js';

export interface HearingOptions {
  readonly name: string;
  readonly source: EventSource;
  readonly inbox: Inbox;
  readonly onStalled: (reason: string) => void;
  readonly stallLimitMs?: number;
  readonly joiningMs?: number;
}

/** A source, its inbox, and the watch over both. */
export class Hearing {
  readonly inbox: Inbox;
  private readonly source: EventSource;
  private readonly watch: StallWatch;

  constructor({ name, source, inbox, onStalled, stallLimitMs = 60_000, joiningMs = 60_000 }: HearingOptions) {
    this.inbox = inbox;
    this.source = source;
    this.watch = new StallWatch({
      source: name,
      state: () => source.state(),
      progress: () => inbox.progress,
      limitMs: stallLimitMs,
      joiningMs,
      onStalled,
    });
  }

  get problem(): string | undefined {
    return this.watch.reason;
  }

  async start(): Promise<void> {
    await this.source.start({
      deliver: (batch, signal) => this.inbox.deliver(batch, signal),
      ended: (reason) => this.watch.report(reason),
    });
    this.watch.start();
  }

  async stop(): Promise<void> {
    this.watch.stop();
    await this.source.stop();
  }
}
