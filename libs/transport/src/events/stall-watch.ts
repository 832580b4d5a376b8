import { setTimeout as wait } from 'node:timers/promises';
import type { SourceState } from './event-source.js';

export interface StallWatchOptions {
  readonly source: string;
  readonly state: () => Promise<SourceState>;
  /** Grows with whatever the consumer has achieved since the last acknowledgement. */
  readonly progress: () => number;
  readonly limitMs: number;
  /** Added to the limit while others have to be timed out before this process gets its share. */
  readonly joiningMs: number;
  readonly onStalled: (reason: string) => void;
  readonly everyMs?: number;
  readonly now?: () => number;
}

/**
 * Something waits and nothing happens: whatever the cause, only a fresh process helps. Not knowing whether something
 * waits, because the broker is away, is no stall: a fresh process would not know more.
 */
export class StallWatch {
  private readonly now: () => number;
  private since: number;
  private last = '';
  private timer: NodeJS.Timeout | undefined;
  private found: string | undefined;

  constructor(private readonly options: StallWatchOptions) {
    this.now = options.now ?? (() => performance.now());
    this.since = this.now();
  }

  /** Why this process should not be relied on; nothing while all is well. */
  get reason(): string | undefined {
    return this.found;
  }

  start(): void {
    this.since = this.now();
    const every = this.options.everyMs ?? Math.max(50, Math.min(1_000, this.options.limitMs / 5));
    let looking = false;
    this.timer = setInterval(() => {
      if (looking) return;
      looking = true;
      void this.look().finally(() => (looking = false));
    }, every);
  }

  stop(): void {
    clearInterval(this.timer);
  }

  /** For what is known to be over without waiting for a limit. */
  report(reason: string): void {
    if (this.found !== undefined) return;
    this.found = reason;
    this.stop();
    this.options.onStalled(reason);
  }

  async look(): Promise<void> {
    const state = await this.ask();
    const seen = state && `${state.mark}/${this.options.progress()}`;
    const calm = !state || state.lag === 0 || seen !== this.last;
    this.last = seen ?? this.last;
    if (calm) this.since = this.now();
    else this.judge(state);
  }

  /** An answer that does not come must not end the watch. */
  private async ask(): Promise<SourceState | undefined> {
    const over = new AbortController();
    const late = wait(this.options.limitMs, undefined, { signal: over.signal }).catch(() => undefined);
    const state = await Promise.race([this.options.state().catch(() => undefined), late]);
    over.abort();
    return state;
  }

  private judge({ lag, joining }: SourceState): void {
    const { source, limitMs, joiningMs } = this.options;
    const stoodMs = this.now() - this.since;
    if (stoodMs < limitMs + (joining ? joiningMs : 0)) return;
    this.report(`${source}: ${lag} messages wait and none was heard for ${Math.round(stoodMs / 1000)} s`);
  }
}
