import { eventLogMigrations } from '@tidemark/event-store';
import { accountTable, tenantTable, type Migration, type ServiceSchema } from '@tidemark/runtime';
import { inboxMigrations, relayMigrations } from '@tidemark/transport';
import { accountsMigration } from './accounts.migration.js';
import { projectsMigration } from './projects.migration.js';

const organizationList: Migration = {
  name: '100-organization-list',
  sql: `
    create table members (
      org text not null,
      account text not null,
      primary key (org, account)
    );
    ${tenantTable('members')}
    create table organization_list (
      account text not null,
      org text not null,
      name text not null,
      created_at timestamptz not null,
      primary key (account, org)
    );
    ${accountTable('organization_list')}
    grant select, insert, update, delete on members, organization_list to {{app}};`,
};

export const orgsSchema: ServiceSchema = {
  name: 'orgs',
  migrations: [
    ...eventLogMigrations,
    ...inboxMigrations,
    ...relayMigrations,
    organizationList,
    accountsMigration,
    projectsMigration,
  ],
};
