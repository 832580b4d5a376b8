import type { BlobStore } from '@tidemark/blob-store';
import type { Database, Living } from '@tidemark/runtime';
import type { Requests, StageTokens } from '@tidemark/transport';
import type { DataKeys } from './envelope/data-keys.js';

export const SNAPSHOTS_PARTS = Symbol('parts of snapshots');

/** What the handlers work with. */
export interface SnapshotsParts extends Living {
  readonly db: Database;
  readonly blobs: BlobStore;
  readonly keys: DataKeys;
  readonly tokens: StageTokens;
  readonly requests: Requests;
  /** What one reply may hold. */
  readonly replyBytes: number;
}
