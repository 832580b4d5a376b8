import { blobId } from '@tidemark/e2ee';
import { isSynced, nameOf } from '../model/documents.js';
import { changedKeys, stateOf, type State } from '../model/merge.js';
import type { Document, StateEntry } from '../model/types.js';
import type { FileRecord, WorkEntry } from '../store/file-record.js';
import { DeviceError } from '../state/device-error.js';
import type { Context } from './context.js';

export const headOf = (record: FileRecord, branch = record.branch): string | undefined =>
  record.branches[branch]?.at(-1);

/** Where the workspace lies is a matter of each device. */
const placed = (document: Document, record: FileRecord): Document =>
  document._id === record.root ? { ...document, parentId: record.project } : document;

export async function documentsOf({ shelf }: Context, record: FileRecord): Promise<Document[]> {
  const blobs = Object.values(record.work).map(({ blob }) => blob);
  const documents = await Promise.all(blobs.map((blob) => shelf.document(record.id, blob)));
  return documents.map((document) => placed(document, record));
}

export async function documentOf(
  { shelf }: Context,
  record: FileRecord,
  key: string,
): Promise<Document | undefined> {
  const entry = record.work[key];
  return entry && placed(await shelf.document(record.id, entry.blob), record);
}

const entryOf = (document: Document): WorkEntry => ({
  blob: blobId(document),
  name: nameOf(document),
  synced: isSynced(document),
});

/** The contents are kept before the record names them. */
export async function withDocuments(
  { shelf }: Context,
  record: FileRecord,
  documents: readonly Document[],
): Promise<FileRecord> {
  const entries = documents.map((document) => [document._id, entryOf(document)] as const);
  const contents = documents.map(({ modified: _, ...document }, place) => {
    return [entries[place]![1].blob, document] as const;
  });
  await shelf.keepDocuments(record.id, new Map(contents));
  return { ...record, work: { ...record.work, ...Object.fromEntries(entries) } };
}

export function withoutDocument(record: FileRecord, key: string): FileRecord {
  if (key === record.root)
    throw new DeviceError('INVALID_INPUT', 'The workspace goes with its file: archive the file instead.');
  const { [key]: _, ...work } = record.work;
  return { ...record, work };
}

export async function headState(
  { shelf }: Context,
  record: FileRecord,
  head = headOf(record),
): Promise<State> {
  return stateOf(head === undefined ? [] : (await shelf.snapshot(record.id, head)).state);
}

/** What a commit would write down. */
export const workState = (record: FileRecord): State =>
  stateOf(
    Object.entries(record.work)
      .filter(([, { synced }]) => synced)
      .map(([key, { blob, name }]): StateEntry => ({ key, blob, name })),
  );

/** Keys of documents that differ from the last commit. */
export async function uncommitted(context: Context, record: FileRecord): Promise<string[]> {
  return changedKeys(await headState(context, record), workState(record));
}

/** Goes from one state to another and keeps what is uncommitted or stays on this device. */
export function moveWork(record: FileRecord, from: State, to: State, message: string): FileRecord['work'] {
  const mine = workState(record);
  const edited = changedKeys(from, mine);
  const moved = new Set(changedKeys(from, to));
  if (edited.some((key) => moved.has(key) && mine.get(key)?.blob !== to.get(key)?.blob))
    throw new DeviceError('UNCOMMITTED', message);
  const work = new Map<string, WorkEntry>();
  for (const { key, blob, name } of to.values()) work.set(key, { blob, name, synced: true });
  for (const [key, entry] of Object.entries(record.work)) if (!entry.synced) work.set(key, entry);
  for (const key of edited) {
    const entry = record.work[key];
    if (entry) work.set(key, entry);
    else work.delete(key);
  }
  return Object.fromEntries(work);
}
