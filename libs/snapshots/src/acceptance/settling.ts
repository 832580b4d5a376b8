/** Accepts what `branches` has accepted and nothing was heard of so far. False when reading again
 * would find the same. */
export interface Settling {
  ofSnapshots(ids: readonly string[]): Promise<boolean>;
  /** Of the snapshots that brought these blobs. */
  ofBlobs(ids: readonly string[]): Promise<boolean>;
}
