import type { Migration } from './migration.js';

/**
 * Every table is of one class, written in its comment, and start-up refuses a table without one.
 * tenant: rows of one organization; account: rows of one account; installation: no row security, ids and hashes only.
 */
export type TableClass = 'tenant' | 'account' | 'installation';

/** The setting that a class compares with, and the function that gives it or raises when it is missing or empty. */
export const guards = {
  tenant: { setting: 'app.tenant_id', guard: 'current_tenant' },
  account: { setting: 'app.account_id', guard: 'current_account' },
} as const;

/** Raised by a policy when its setting is missing or empty. */
export const SCOPE_MISSING = 'TM001';

/** For the migration that creates the table. `column` holds the organization. */
export const tenantTable = (table: string, column = 'org'): string => protectedTable('tenant', table, column);

/** For the migration that creates the table. `column` holds the account. */
export const accountTable = (table: string, column = 'account'): string =>
  protectedTable('account', table, column);

/** For the migration that creates the table. A table for the relay alone is closed to the application's role. */
export const installationTable = (table: string, only?: 'relay'): string =>
  `comment on table ${table} is 'class: installation${only ? `, ${only} only` : ''}';`;

/**
 * Two lines of defence. The application's role has row_security off by default, so whatever it sends outside of a scope
 * is an error at once, on empty tables too and whatever plan was kept: `Database.tx` turns it on together with the
 * setting. Behind it stands the policy, whose guard raises when the setting is missing or empty: while a statement is
 * planned, when an index is entered, and for each row. A policy alone is silent on an empty table with a kept plan.
 */
function protectedTable(tableClass: 'tenant' | 'account', table: string, column: string): string {
  const { setting, guard } = guards[tableClass];
  return `
    alter table ${table} enable row level security;
    alter table ${table} force row level security;
    create policy one_${tableClass} on ${table} to {{app}}
      using (${column} = ${guard}()) with check (${column} = current_setting('${setting}'));
    comment on table ${table} is 'class: ${tableClass}';`;
}

const guardFunction = ({ setting, guard }: (typeof guards)[keyof typeof guards]): string => `
  create function ${guard}() returns text language plpgsql stable parallel safe as $$
  declare
    id text := pg_catalog.current_setting('${setting}', true);
  begin
    if coalesce(id, '') = '' then
      raise exception '${setting} is not set' using errcode = '${SCOPE_MISSING}';
    end if;
    return id;
  end $$;`;

/** Comes first in every service's schema. */
export const guardMigration: Migration = {
  name: '000-table-classes',
  sql: guardFunction(guards.tenant) + guardFunction(guards.account),
};
