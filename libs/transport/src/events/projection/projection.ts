import type { EventHandler } from '../../inbox/handler.js';

/**
 * Tables that follow from events alone: emptied and filled again they are the same, byte for byte. So nothing in them
 * may come from a clock, a sequence or another table, and no order but that of each stream may matter.
 */
export interface Projection {
  /** The source in `heard` and `checkpoints` under which it hears. */
  readonly name: string;
  /** All tables that `hear` writes, and no others. */
  readonly tables: readonly string[];
  readonly hear: EventHandler;
}
