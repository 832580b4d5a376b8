import type { SnapshotState } from '@tidemark/contracts';

/** One document of a snapshot. */
export interface Entry {
  readonly key: string;
  readonly blob: string;
  readonly name: string;
}

export type State = readonly Entry[];

export const stateOf = ({ keys, blobs, names }: SnapshotState): State =>
  keys.map((key, i) => ({ key, blob: blobs[i]!, name: names[i]! }));

export const columnsOf = (state: State): SnapshotState => ({
  keys: state.map(({ key }) => key),
  blobs: state.map(({ blob }) => blob),
  names: state.map(({ name }) => name),
});
