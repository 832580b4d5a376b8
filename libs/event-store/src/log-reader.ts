import type { LogEvent } from '@tidemark/contracts';

/**
 * The log of one service in the order of its positions: 1, 2, 3 … An event without a position is not in it yet. What
 * has been read up to a position never changes: nothing is ever inserted before it.
 */
export interface LogReader {
  /**
   * Events with a position above `after`, in order, without a gap, at most `limit`. Fewer do not mean the end: large
   * events come in smaller pages. None means that there is none yet.
   */
  read(after: number, limit: number): Promise<LogEvent[]>;

  /** The highest position given, 0 at first. */
  head(): Promise<number>;
}
