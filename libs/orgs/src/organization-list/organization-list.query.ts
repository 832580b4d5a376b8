import type { Organization, Page } from '@tidemark/contracts';
import type { Database } from '@tidemark/runtime';

interface Row {
  org: string;
  name: string;
  created_at: Date;
}

const shown = (row: Row): Organization => ({
  id: row.org,
  name: row.name,
  createdAt: row.created_at.toISOString(),
});

/** The organizations of one account, in the order of their ids, a page at a time. */
export async function listOrganizations(
  db: Database,
  account: string,
  page: { after?: string | undefined; limit: number },
): Promise<Page<Organization>> {
  const rows = await db.tx({ account }, (tx) =>
    tx.query<Row>(
      `select org, name, created_at from organization_list
       where account = $1 and org > $2 order by org limit $3`,
      [account, page.after ?? '', page.limit + 1],
    ),
  );
  const items = rows.slice(0, page.limit).map(shown);
  return { items, next: rows.length > page.limit ? items.at(-1)!.id : null };
}
