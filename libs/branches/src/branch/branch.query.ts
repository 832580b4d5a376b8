import {
  fileAbsent,
  type AcceptedSnapshot,
  type AppendedSnapshots,
  type BranchView,
  type GetBranch,
  type ListAccepted,
  type ListBranches,
} from '@tidemark/contracts';
import type { Database } from '@tidemark/runtime';
import { bytesOf } from '../hex.js';
import { sameBranch } from './branch-name.js';
import { ACCEPTED } from './branch.sql.js';

interface BranchRow {
  readonly name: string;
  readonly created: Date;
  readonly modified: Date;
  readonly snapshots: readonly string[];
}

const shown = (row: BranchRow): BranchView => ({
  name: row.name,
  created: row.created.toISOString(),
  modified: row.modified.toISOString(),
  snapshots: row.snapshots,
});

/** One statement, hence of one moment: a list and what stands in it cannot differ. */
const BRANCHES = `
  select b.name, b.created, b.modified, case when $3 then (
      select coalesce(array_agg(encode(s.snapshot, 'hex') order by s.n), '{}') from branch_snapshots s
      where s.org = b.org and s.incarnation = b.incarnation and s.branch = b.name
    ) else '{}' end as snapshots
  from branches b join files f on f.org = b.org and f.incarnation = b.incarnation and f.archived_at is null
  where b.org = $1 and b.incarnation = $2 and b.status = 'open'`;

/** Of a file that is not there: none. */
export async function listBranches(
  db: Database,
  { org, incarnation, withSnapshots }: ListBranches,
): Promise<BranchView[]> {
  const rows = await db.tx({ tenant: org }, (tx) =>
    tx.query<BranchRow & object>(`${BRANCHES} order by b.name`, [org, incarnation, withSnapshots]),
  );
  return rows.map(shown);
}

/** Null where there is no such branch or no such file. */
export async function getBranch(
  db: Database,
  { org, incarnation, branch }: GetBranch,
): Promise<BranchView | null> {
  const rows = await db.tx({ tenant: org }, (tx) =>
    tx.query<BranchRow & object>(`${BRANCHES} and b.name = $4`, [org, incarnation, true, sameBranch(branch)]),
  );
  return rows[0] ? shown(rows[0]) : null;
}

/** Those of them that are accepted, in the order asked for. */
export async function listAccepted(
  db: Database,
  { org, incarnation, snapshots }: ListAccepted,
): Promise<AppendedSnapshots> {
  const rows = await db.tx({ tenant: org }, (tx) =>
    tx.query<{ id: string | null; hash: string; pushedBy: string }>(ACCEPTED, [
      org,
      incarnation,
      snapshots.map(bytesOf),
    ]),
  );
  if (rows.length === 0) throw fileAbsent();
  return { accepted: rows.filter((row): row is AcceptedSnapshot => row.id !== null) };
}
