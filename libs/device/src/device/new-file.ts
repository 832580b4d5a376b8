import { newFileId, randomHex } from '../model/random.js';
import { MASTER, type Document } from '../model/types.js';
import type { FileRecord } from '../store/file-record.js';
import { commit } from './commit.js';
import type { Context } from './context.js';
import { withDocuments } from './working-copy.js';

export interface Place {
  readonly org: string;
  /** Team project: the folder of files. */
  readonly project: string;
}

export interface NewFile extends Place {
  readonly name: string;
  readonly scope?: 'collection' | 'design' | 'environment' | 'mock-server';
}

export const emptyRecord = (place: Place, id: string, root: string, name: string): FileRecord => ({
  id,
  root,
  name,
  ...place,
  branch: MASTER,
  branches: {},
  confirmed: {},
  work: {},
});

/** A file with its workspace and an initial snapshot, as the app makes one. Nothing is sent. */
export async function newFile(
  context: Context,
  { name, scope = 'collection', org, project }: NewFile,
): Promise<FileRecord> {
  const root = `wrk_${randomHex(32)}`;
  const created = context.now().getTime();
  const documents: Document[] = [
    { _id: root, type: 'Workspace', parentId: project, created, name, description: '', scope },
    {
      _id: `env_${randomHex(40)}`,
      type: 'Environment',
      parentId: root,
      created,
      name: 'Base Environment',
      data: {},
      dataPropertyOrder: null,
      color: null,
      isPrivate: false,
      metaSortKey: created,
    },
  ];
  const empty = emptyRecord({ org, project }, newFileId(), root, name);
  return commit(context, await withDocuments(context, empty, documents), 'Initial Snapshot');
}
