import { sealBlob, type Blob, type SymmetricKey } from '@tidemark/e2ee';
import { operations } from '../doors/operations.js';
import { toPush } from '../model/history.js';
import type { Snapshot } from '../model/types.js';
import type { FileRecord } from '../store/file-record.js';
import type { Context } from './context.js';
import { createRemote, fileKeyOf } from './file-key.js';
import { confirmed } from './integrate.js';

const BLOBS_AT_ONCE = 200;
const BYTES_AT_ONCE = 2 * 1024 * 1024;
const SNAPSHOTS_AT_ONCE = 20;

export interface Pushed {
  /** Snapshots that the server took; none: it had them all. */
  readonly snapshots: number;
  readonly blobs: number;
}

/** The numbered steps are those of the README. */
export async function push(
  context: Context,
  record: FileRecord,
  keep: (record: FileRecord) => Promise<void>,
): Promise<Pushed> {
  const { door, shelf } = context;
  const { id: file, branch } = record;
  const local = record.branches[branch] ?? [];
  if (!(await door.query(operations.project, { id: file })))
    await createRemote(context, record, record.work[record.root]?.name ?? record.name);
  const remote = await door.query(operations.branch, { projectId: file, branch });
  const ids = toPush(local, remote?.snapshots ?? null);
  const snapshots = await shelf.snapshots(file, ids);
  const named = new Set(snapshots.flatMap(({ state }) => state.map(({ blob }) => blob)));
  const blobs = ids.length === 0 ? 0 : await upload(context, file, [...named]);
  for (let from = 0; from < snapshots.length; from += SNAPSHOTS_AT_ONCE) {
    const batch = snapshots.slice(from, from + SNAPSHOTS_AT_ONCE);
    const taken = await door.query(operations.snapshotsPush, {
      projectId: file,
      branchName: branch,
      snapshots: batch.map((snapshot) => asInput(snapshot, context.account)),
    });
    // What the server holds counts: of two equal commits the first one's message and author.
    await shelf.keepSnapshots(file, taken);
    await keep(confirmed(record, branch, batch.at(-1)!.id));
  }
  if (ids.length === 0 && local.length > 0) await keep(confirmed(record, branch, local.at(-1)));
  return { snapshots: ids.length, blobs };
}

/** `author` is filled in only where nobody stands yet. */
const asInput = ({ authorAccount: _, ...snapshot }: Snapshot, account: string) => ({
  ...snapshot,
  author: snapshot.author === '' ? account : snapshot.author,
});

async function upload(context: Context, file: string, named: readonly string[]): Promise<number> {
  const { missing } = await context.door.query(operations.missingBlobs, { projectId: file, ids: named });
  const key = await fileKeyOf(context, file);
  for await (const blobs of batches(sealed(context, file, missing, key)))
    await context.door.query(operations.blobsCreate, { projectId: file, blobs });
  return missing.length;
}

async function* sealed({ shelf }: Context, file: string, ids: readonly string[], key: SymmetricKey) {
  for (const id of ids) yield sealBlob(await shelf.document(file, id), key);
}

/** Measured after each blob, so that one huge document makes one huge batch. */
export async function* batches(blobs: AsyncIterable<Blob>): AsyncGenerator<Blob[]> {
  let batch: Blob[] = [];
  let bytes = 0;
  for await (const blob of blobs) {
    batch.push(blob);
    bytes += packedBytes(blob);
    if (batch.length < BLOBS_AT_ONCE && bytes <= BYTES_AT_ONCE) continue;
    yield batch;
    [batch, bytes] = [[], 0];
  }
  if (batch.length > 0) yield batch;
}

/** Hexadecimal digits come two to a byte; iv, tag and names around them do not count. */
const packedBytes = ({ content }: Blob): number => (JSON.parse(content) as { d: string }).d.length / 2;
