import type { AuditEntry, EntryDetails, ListEntries, Page } from '@tidemark/contracts';
import type { Database } from '@tidemark/runtime';

interface Row {
  seq: number;
  at: Date;
  actor: string;
  action: string;
  object: string;
  outcome: 'done';
  request_id: string;
  details: EntryDetails | null;
}

const shown = (row: Row): AuditEntry => ({
  seq: row.seq,
  at: row.at.toISOString(),
  actor: row.actor,
  action: row.action,
  object: row.object,
  outcome: row.outcome,
  requestId: row.request_id,
  ...(row.details ? { details: row.details } : {}),
});

/** The entries of one organization after a number, oldest first, a page at a time. */
export async function listEntries(
  db: Database,
  { org, after, limit }: ListEntries,
): Promise<Page<AuditEntry>> {
  const rows = await db.tx({ tenant: org }, (tx) =>
    tx.query<Row>(
      `select seq, at, actor, action, object, outcome, request_id, details from entries
       where org = $1 and seq > $2 order by seq limit $3`,
      [org, after, limit + 1],
    ),
  );
  const items = rows.slice(0, limit).map(shown);
  return { items, next: rows.length > limit ? String(items.at(-1)!.seq) : null };
}

/** The number of the newest entry; 0 when there is none. */
export async function headOf(db: Database, org: string): Promise<number> {
  const rows = await db.tx({ tenant: org }, (tx) =>
    tx.query<{ seq: number }>('select seq from heads where org = $1', [org]),
  );
  return rows[0]?.seq ?? 0;
}
