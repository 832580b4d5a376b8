import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freshDatabase, tryRowSecurity, type TestDatabase } from '@tidemark/testing';
import type { ServiceSchema } from './migration.js';
import { accountTable, tenantTable } from './table-classes.js';

const planted: ServiceSchema = {
  name: 'planted',
  migrations: [
    {
      name: '001-tables',
      sql: `
        create table notes (org text, id int, body jsonb not null, primary key (org, id));
        ${tenantTable('notes')}
        create table cards (account text, id bigint, at timestamptz not null, primary key (account, id));
        ${accountTable('cards')}`,
    },
  ],
};

let test: TestDatabase;

beforeAll(async () => {
  test = await freshDatabase();
  await test.migrated(planted);
});

afterAll(() => test?.drop());

/** Replaces the policy of `notes`, tries all, and puts the right one back. */
async function leaksWith(policy: string): Promise<readonly string[]> {
  const replaced = (using: string) => `
    drop policy one_tenant on planted.notes;
    set search_path = planted;
    create policy one_tenant on notes to tidemark_planted_app ${using}`;
  await test.asOwner(replaced(policy));
  const { leaks } = await tryRowSecurity(test, 'planted', 'notes');
  await test.asOwner(
    replaced(`using (org = current_tenant()) with check (org = current_setting('app.tenant_id'))`),
  );
  return leaks;
}

describe('tables of a class', () => {
  it('refuse without a setting and show one tenant only its own rows', async () => {
    const { tables, cases, leaks } = await tryRowSecurity(test, 'planted');
    expect(leaks).toEqual([]);
    expect({ tables, cases }).toEqual({ tables: 2, cases: 2 * (2 * (3 * (2 + 2 + 2 + 7) + 2 * 2) * 7 + 7) });
  });
});

describe('the trial catches', () => {
  it('a role that has row security on by default, where kept plans are silent on empty tables', async () => {
    const set = (value: string) =>
      test.asOwner(`alter role tidemark_planted_app in database ${test.name} set row_security = ${value}`);
    await set('on');
    const { leaks } = await tryRowSecurity(test, 'planted', 'notes');
    await set('off');
    expect(leaks).toEqual(
      expect.arrayContaining([expect.stringMatching(/empty, reused, kept plans without index: select/)]),
    );
  });
});

describe('the trial catches a policy that', () => {
  it.each([
    [
      'wraps its guard, and is silent on an empty table',
      `using (org = (select current_tenant()))`,
      /empty, row security on.*: exists/,
    ],
    [
      'has no guard, and is silent when the setting is empty',
      `using (org = current_setting('app.tenant_id'))`,
      /row security on, empty.*: select/,
    ],
    [
      'forgives a missing setting',
      `using (org = current_setting('app.tenant_id', true))`,
      /row security on, missing.*: select/,
    ],
    ['compares nothing', `using (current_tenant() <> '')`, /as another, select/],
    ['lets foreign rows in', `using (org = current_tenant()) with check (true)`, /as another, give away/],
  ])('%s', async (_what, policy, leak) => {
    expect(await leaksWith(policy)).toEqual(expect.arrayContaining([expect.stringMatching(leak)]));
  });
});
