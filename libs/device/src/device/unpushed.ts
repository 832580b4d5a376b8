import type { FileRecord } from '../store/file-record.js';
import type { Context } from './context.js';
import { uncommitted } from './working-copy.js';

/** Work that only this device has. */
export interface Unpushed {
  readonly file: string;
  readonly name: string;
  readonly branch: string;
  readonly commits: number;
  /** Keys of documents that differ from the last commit. */
  readonly changes: readonly string[];
  /** Keys of documents that are never pushed, as private environments. */
  readonly unsynced: readonly string[];
}

/** Snapshots of a branch of which the server has not said that it holds them. */
export function unpushedOf(record: FileRecord, branch: string): readonly string[] {
  const list = record.branches[branch] ?? [];
  const sure = record.confirmed[branch];
  return sure === undefined || sure === null ? list : list.slice(list.lastIndexOf(sure) + 1);
}

export async function unpushedWork(context: Context): Promise<Unpushed[]> {
  const found: Unpushed[] = [];
  for (const record of await context.shelf.records()) {
    const changes = await uncommitted(context, record);
    const unsynced = Object.keys(record.work).filter((key) => !record.work[key]!.synced);
    const { id: file, name } = record;
    for (const branch of new Set([record.branch, ...Object.keys(record.branches).sort()])) {
      const commits = unpushedOf(record, branch).length;
      const own = branch === record.branch ? { changes, unsynced } : { changes: [], unsynced: [] };
      if (commits + own.changes.length + own.unsynced.length > 0)
        found.push({ file, name, branch, commits, ...own });
    }
  }
  return found;
}
