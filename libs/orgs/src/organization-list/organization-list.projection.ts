import type { OrganizationCreatedV1, OrganizationRenamedV1, RecordedEvent } from '@tidemark/contracts';
import type { Tx } from '@tidemark/runtime';
import type { Projection } from '@tidemark/transport';

/** Each member's list of organizations. */
export const organizationList: Projection = {
  name: 'organization-list',
  tables: ['members', 'organization_list'],
  hear: hearOrganizations,
};

async function hearOrganizations(events: readonly RecordedEvent[], tx: Tx): Promise<void> {
  for (const event of events) {
    if (event.type === 'OrganizationCreated') await listed(tx, event as RecordedEvent<OrganizationCreatedV1>);
    if (event.type === 'OrganizationRenamed')
      await renamed(tx, event as RecordedEvent<OrganizationRenamedV1>);
  }
}

async function listed(tx: Tx, event: RecordedEvent<OrganizationCreatedV1>): Promise<void> {
  await tx.query('insert into members (org, account) values ($1, $2)', [event.org, event.data.by]);
  await actFor(tx, event.data.by);
  await tx.query('insert into organization_list (account, org, name, created_at) values ($1, $2, $3, $4)', [
    event.data.by,
    event.org,
    event.data.name,
    event.at,
  ]);
}

async function renamed(tx: Tx, event: RecordedEvent<OrganizationRenamedV1>): Promise<void> {
  const members = await tx.query<{ account: string }>('select account from members where org = $1', [
    event.org,
  ]);
  for (const { account } of members) {
    await actFor(tx, account);
    await tx.query('update organization_list set name = $3 where account = $1 and org = $2', [
      account,
      event.org,
      event.data.name,
    ]);
  }
}

/** The rows of a list belong to accounts, one at a time; their setting stands beside the tenant's. */
const actFor = (tx: Tx, account: string) =>
  tx.query(`select set_config('app.account_id', $1, true)`, [account]);
