import type { Delivery } from './delivery.js';

/** What a source reports about itself; asked by the stall watch. */
export interface SourceState {
  /** Messages that wait for this process: beyond the last acknowledged one, in its own partitions. */
  readonly lag: number;
  /** Changes whenever an acknowledgement is kept. */
  readonly mark: string;
  /** Not a member of its group at the moment: others may have to be timed out first. */
  readonly joining: boolean;
}

export interface Listener {
  /**
   * Resolves when the batch may be forgotten: everything in it has been heard or written down. Rejects when it has to
   * come again. `signal` is aborted when the source stops.
   */
  deliver(batch: readonly Delivery[], signal: AbortSignal): Promise<void>;
  /** The source has ended by itself and will bring nothing any more. */
  ended(reason: string): void;
}

/**
 * Brings events at least once, each stream in the order of its versions. A batch is acknowledged only after `deliver`
 * has resolved, and nothing behind it in its partition is delivered before; what was not acknowledged comes again,
 * after a restart too. Streams of different partitions may be delivered at the same time.
 */
export interface EventSource {
  /** Returns at once; a source that cannot be reached keeps trying. */
  start(listener: Listener): Promise<void>;
  /** Waits for the batch in hand. What it had to give up comes again at the next start. */
  stop(): Promise<void>;
  state(): Promise<SourceState>;
}
