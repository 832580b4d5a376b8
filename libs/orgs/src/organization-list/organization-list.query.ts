import { personalOrgOf, type Organization, type Page } from '@tidemark/contracts';
import type { Database } from '@tidemark/runtime';
import { PERSONAL_NAME } from '../organization/organization.js';

interface Row {
  org: string;
  name: string;
  created_at: Date;
}

/** In this release nobody is a member of what they do not own. */
const shown = (row: Row, account: string): Organization => ({
  id: row.org,
  name: row.name,
  kind: row.org === personalOrgOf(account) ? 'personal' : 'team',
  owner: account,
  createdAt: row.created_at.toISOString(),
});

/**
 * The organizations of one account, in the order of their ids, a page at a time. Its personal one is there from the
 * moment of sign-up, before the list has heard of it.
 */
export async function listOrganizations(
  db: Database,
  account: string,
  page: { after?: string | undefined; limit: number },
): Promise<Page<Organization>> {
  const rows = await db.tx({ account }, (tx) =>
    tx.query<Row>(
      `select org, name, created_at from organization_list where account = $1 and org > $2
       union all
       select $4, $5, created_at from accounts where account = $1 and $4 > $2
         and not exists (select from organization_list where account = $1 and org = $4)
       order by org limit $3`,
      [account, page.after ?? '', page.limit + 1, personalOrgOf(account), PERSONAL_NAME],
    ),
  );
  const items = rows.slice(0, page.limit).map((row) => shown(row, account));
  return { items, next: rows.length > page.limit ? items.at(-1)!.id : null };
}
