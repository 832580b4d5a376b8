import {
  fileAbsent,
  type FileKey,
  type FileView,
  type FindFile,
  type ListFiles,
  type OfFile,
} from '@tidemark/contracts';
import type { Database } from '@tidemark/runtime';
import { tooManyFiles } from './file.errors.js';

export interface FileRow {
  readonly org: string;
  readonly incarnation: string;
  readonly file: string;
  readonly project: string;
  readonly root: string;
  readonly name: string;
  readonly created_at: Date;
}

export const FILE_COLUMNS = 'org, incarnation, file, project, root, name, created_at';

export const shownFile = (row: FileRow): FileView => ({
  org: row.org,
  project: row.project,
  file: row.file,
  incarnation: row.incarnation,
  root: row.root,
  name: row.name,
  createdAt: row.created_at.toISOString(),
});

/** None, one, or a few: beyond eight more would say nothing new. Statements: one. */
export async function findFile(db: Database, { file, orgs }: FindFile): Promise<FileView[]> {
  const rows = await db.one<FileRow & object>('find-file', 'select * from find_file($1, $2)', [file, orgs]);
  return rows.map(shownFile);
}

const MOST = 10_000;

/** All of them or an error: a list that lacks some would look like files that were deleted. */
export async function listFiles(db: Database, { org, project }: ListFiles): Promise<FileView[]> {
  const rows = await db.tx({ tenant: org }, (tx) =>
    tx.query<FileRow & object>(
      `select ${FILE_COLUMNS} from files
       where org = $1 and archived_at is null and ($2::text is null or project = $2)
       order by created_at, incarnation limit $3`,
      [org, project ?? null, MOST + 1],
    ),
  );
  if (rows.length > MOST) throw tooManyFiles(MOST);
  return rows.map(shownFile);
}

/** The actor's own key and nobody else's. */
export async function fileKey(db: Database, { org, incarnation }: OfFile, account: string): Promise<FileKey> {
  const [row] = await db.tx({ tenant: org }, (tx) =>
    tx.query<{ key: string | null }>(
      `select encode(k.key, 'hex') as key from files f
       left join file_keys k on k.org = f.org and k.incarnation = f.incarnation and k.account = $3
       where f.org = $1 and f.incarnation = $2 and f.archived_at is null`,
      [org, incarnation, account],
    ),
  );
  if (!row) throw fileAbsent();
  return { key: row.key };
}
