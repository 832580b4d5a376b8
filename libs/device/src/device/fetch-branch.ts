import { E2eeError, openBlob, snapshotId, type SymmetricKey } from '@tidemark/e2ee';
import { operations, type RemoteSnapshot } from '../doors/operations.js';
import type { Document, Snapshot } from '../model/types.js';
import { DeviceError } from '../state/device-error.js';
import type { Context } from './context.js';
import { fileKeyOf } from './file-key.js';

const SNAPSHOTS_AT_ONCE = 20;
const BLOBS_AT_ONCE = 50;

/**
 * Brings what a branch of the server names and this device lacks. Nothing is kept until all of it has come and was
 * found to be what its ids say; a device never trusts that an answer is complete. Null: the server has no such branch.
 */
export async function fetchBranch(
  context: Context,
  file: string,
  branch: string,
): Promise<readonly string[] | null> {
  const { door, shelf } = context;
  const remote = await door.query(operations.branch, { projectId: file, branch });
  if (!remote) return null;
  const [heldSnapshots, heldBlobs] = [await shelf.heldSnapshots(file), await shelf.heldBlobs(file)];
  const lacking = remote.snapshots.filter((id) => !heldSnapshots.has(id));
  const snapshots = await fetchSnapshots(context, file, lacking);
  const named = new Set(snapshots.flatMap(({ state }) => state.map(({ blob }) => blob)));
  const key = await fileKeyOf(context, file);
  const documents = await fetchDocuments(
    context,
    file,
    [...named].filter((id) => !heldBlobs.has(id)),
    key,
  );
  await shelf.keepDocuments(file, documents);
  await shelf.keepSnapshots(file, snapshots);
  return remote.snapshots;
}

async function fetchSnapshots(
  { door }: Context,
  file: string,
  ids: readonly string[],
): Promise<readonly Snapshot[]> {
  const snapshots: RemoteSnapshot[] = [];
  for (const batch of parts(ids, SNAPSHOTS_AT_ONCE)) {
    const came = await door.query(operations.snapshots, { projectId: file, ids: batch });
    mustBeAll(batch, came, 'snapshots');
    snapshots.push(...came);
  }
  const wrong = snapshots.find(
    ({ id, parent, state }) =>
      snapshotId(
        file,
        parent,
        state.map(({ blob }) => blob),
      ) !== id,
  );
  if (wrong) throw new DeviceError('INTEGRITY', `Snapshot ${wrong.id} is not what its id says.`);
  return snapshots;
}

async function fetchDocuments(
  { door }: Context,
  file: string,
  ids: readonly string[],
  key: SymmetricKey,
): Promise<Map<string, Document>> {
  const documents = new Map<string, Document>();
  for (const batch of parts(ids, BLOBS_AT_ONCE)) {
    const came = await door.query(operations.blobs, { projectId: file, ids: batch });
    mustBeAll(batch, came, 'blobs');
    for (const blob of came) documents.set(blob.id, await openBlob(blob, key).catch(unreadable(blob.id)));
  }
  return documents;
}

function mustBeAll(asked: readonly string[], came: readonly { id: string }[], what: string): void {
  const ids = new Set(came.map(({ id }) => id));
  if (came.length !== asked.length || !asked.every((id) => ids.has(id)))
    throw new DeviceError('INTEGRITY', `The server sent other ${what} than were asked for.`);
}

const unreadable = (id: string) => (cause: unknown) => {
  if (!(cause instanceof E2eeError)) throw cause;
  throw new DeviceError('INTEGRITY', `Blob ${id} cannot be read: ${cause.message}`, { cause });
};

function* parts<T>(items: readonly T[], size: number): Generator<readonly T[]> {
  for (let from = 0; from < items.length; from += size) yield items.slice(from, from + size);
}
