import { noParent, snapshotId } from '@tidemark/e2ee';
import type { State } from '../model/merge.js';
import type { Snapshot } from '../model/types.js';
import { DeviceError } from '../state/device-error.js';
import type { FileRecord } from '../store/file-record.js';
import type { Context } from './context.js';
import { headOf, uncommitted, workState } from './working-copy.js';

export const snapshotOf = (
  { account, now }: Pick<Context, 'account' | 'now'>,
  file: string,
  parent: string | undefined,
  state: State,
  name: string,
): Snapshot => {
  const entries = [...state.values()];
  const after = parent ?? noParent;
  return {
    id: snapshotId(
      file,
      after,
      entries.map(({ blob }) => blob),
    ),
    parent: after,
    created: now().toISOString(),
    author: account,
    name,
    description: '',
    state: entries,
  };
};

/** Puts the working documents down as the next snapshot of the branch. */
export async function commit(context: Context, record: FileRecord, message: string): Promise<FileRecord> {
  if ((await uncommitted(context, record)).length === 0)
    throw new DeviceError('NOTHING_TO_COMMIT', 'Nothing has changed since the last commit.');
  const snapshot = snapshotOf(context, record.id, headOf(record), workState(record), message);
  await context.shelf.keepSnapshots(record.id, [snapshot]);
  const list = [...(record.branches[record.branch] ?? []), snapshot.id];
  return { ...record, branches: { ...record.branches, [record.branch]: list } };
}
