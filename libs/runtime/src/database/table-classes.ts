import type { Migration } from './migration.js';

/**
 * Every table is of one class, written in its comment, and start-up refuses a table without one.
 * tenant: rows of one organization; account: rows of one account; installation: no row security, ids and hashes only.
 */
export type TableClass = 'tenant' | 'account' | 'installation';

/** The setting that a class compares with, and the function that raises when it is missing or empty. */
export const guards = {
  tenant: { setting: 'app.tenant_id', guard: 'tenant_is_set' },
  account: { setting: 'app.account_id', guard: 'account_is_set' },
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
 * The guard is called bare, never inside a (select …): without a column in it the planner makes it a one-time filter
 * in front of the scan, so it raises on an empty table too. In the check of new rows the comparison alone raises.
 */
function protectedTable(tableClass: 'tenant' | 'account', table: string, column: string): string {
  const { setting, guard } = guards[tableClass];
  return `
    alter table ${table} enable row level security;
    alter table ${table} force row level security;
    create policy one_${tableClass} on ${table} to {{app}}
      using (${guard}() and ${column} = current_setting('${setting}'))
      with check (${column} = current_setting('${setting}'));
    comment on table ${table} is 'class: ${tableClass}';`;
}

const guardFunction = ({ setting, guard }: (typeof guards)[TableClass & keyof typeof guards]): string => `
  create function ${guard}() returns boolean language plpgsql stable parallel safe as $$
  begin
    if coalesce(pg_catalog.current_setting('${setting}', true), '') = '' then
      raise exception '${setting} is not set' using errcode = '${SCOPE_MISSING}';
    end if;
    return true;
  end $$;`;

/** Comes first in every service's schema. */
export const guardMigration: Migration = {
  name: '000-table-classes',
  sql: guardFunction(guards.tenant) + guardFunction(guards.account),
};
