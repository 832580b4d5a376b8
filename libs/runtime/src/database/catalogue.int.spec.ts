import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freshDatabase, type TestDatabase } from '@tidemark/testing';
import { silentLogger } from '../logging/logger.js';
import { StartError } from '../start-error.js';
import { checkCatalogue } from './catalogue.js';
import { migrate } from './migrate.js';
import type { Migration, ServiceSchema } from './migration.js';
import { accountTable, installationTable, tenantTable } from './table-classes.js';

const first: Migration = {
  name: '001-tables',
  sql: `
    create table notes (org text, id int, primary key (org, id));
    ${tenantTable('notes')}
    create table cards (account text, id int, primary key (account, id));
    ${accountTable('cards')}
    create table tokens (hash bytea primary key);
    ${installationTable('tokens')}
    create table relay_state (id int primary key);
    ${installationTable('relay_state', 'relay')}
    grant select, insert on notes, cards, tokens to {{app}};
    grant select, update on relay_state to {{relay}};
    create view shown with (security_invoker = true) as select * from notes;`,
};
const service: ServiceSchema = { name: 'guarded', migrations: [first] };
const app = 'tidemark_guarded_app';
const relay = 'tidemark_guarded_relay';

let test: TestDatabase;
let urls: { appUrl: string; relayUrl: string };

beforeAll(async () => {
  test = await freshDatabase();
  urls = await test.migrated(service);
});

afterAll(() => test?.drop());

const check = (migrations = service.migrations) =>
  checkCatalogue({ ...urls, service: { ...service, migrations }, logger: silentLogger });

describe('the check of the catalogue at start', () => {
  it('finds nothing wrong with what the helpers made', async () => {
    await expect(check()).resolves.toBeUndefined();
  });

  const policy = (using: string, more = '') =>
    `drop policy one_tenant on notes; create policy one_tenant on notes ${more} to ${app} using (${using}) with check (org = current_setting('app.tenant_id'))`;
  const back = `drop policy if exists one_tenant on notes; drop policy if exists more on notes;
    create policy one_tenant on notes to ${app} using (org = current_tenant()) with check (org = current_setting('app.tenant_id'))`;

  it.each([
    [
      'a table without a class',
      'create table forgotten (id int)',
      'drop table forgotten',
      /^Table guarded.forgotten has no class/,
    ],
    [
      'a table with a misspelt class',
      `create table odd (id int); comment on table odd is 'class: tennant'`,
      'drop table odd',
      /^Table guarded.odd has no class/,
    ],
    [
      'a partition without a class',
      `create table parts (org text, id int, primary key (org, id)) partition by list (org); ${tenantTable('parts').replaceAll('{{app}}', app)} create table part partition of parts default`,
      'drop table parts',
      /^Table guarded.part has no class/,
    ],
    [
      'a tenant table without a policy',
      `create table bare (org text primary key); alter table bare enable row level security; alter table bare force row level security; comment on table bare is 'class: tenant'`,
      'drop table bare',
      /^Table guarded.bare has no policy/,
    ],
    [
      'a tenant table without row security',
      'alter table notes disable row level security',
      'alter table notes enable row level security',
      /^Table guarded.notes does not force/,
    ],
    [
      'a tenant table that exempts its owner',
      'alter table notes no force row level security',
      'alter table notes force row level security',
      /^Table guarded.notes does not force/,
    ],
    [
      'a policy that does not raise',
      policy(`org = current_setting('app.tenant_id', true)`),
      back,
      /^Table guarded.notes has a policy that does not raise/,
    ],
    [
      'a policy with a wrapped guard',
      policy('org = (select current_tenant())'),
      back,
      /^Table guarded.notes has a policy that does not raise/,
    ],
    [
      'a policy of the other class',
      policy('org = current_account()'),
      back,
      /^Table guarded.notes has a policy that does not raise/,
    ],
    [
      'a policy that is open beside',
      policy('org = current_tenant() or true'),
      back,
      /^Table guarded.notes has a policy that does not raise/,
    ],
    [
      'a policy for reading only',
      `drop policy one_tenant on notes; create policy one_tenant on notes for select to ${app} using (org = current_tenant())`,
      back,
      /^Table guarded.notes has a policy that does not raise/,
    ],
    [
      'a policy that checks nothing new',
      `drop policy one_tenant on notes; create policy one_tenant on notes to ${app} using (org = current_tenant()) with check (true)`,
      back,
      /^Table guarded.notes has a policy whose WITH CHECK/,
    ],
    [
      'a second policy',
      'create policy more on notes to public using (true)',
      back,
      /^Table guarded.notes has more than one policy/,
    ],
    [
      'a policy on a column that is not the key',
      `alter table notes drop constraint notes_pkey, add primary key (id, org)`,
      `alter table notes drop constraint notes_pkey, add primary key (org, id)`,
      /^Table guarded.notes has a policy on org, but its primary key/,
    ],
    [
      'a guard of the same name elsewhere',
      `create schema evil; create function evil.current_tenant() returns text language sql as 'select null'; drop policy one_tenant on notes; create policy one_tenant on notes to ${app} using (org = evil.current_tenant()) with check (org = current_setting('app.tenant_id'))`,
      `${back}; drop schema evil cascade`,
      /^Table guarded.notes has a policy that does not raise/,
    ],
    [
      'a guard that keeps silent',
      `alter function current_tenant() rename to kept; create function current_tenant() returns text language sql as $$ select current_setting('app.tenant_id', true) $$; ${back}`,
      `drop policy one_tenant on notes; drop function current_tenant(); alter function kept() rename to current_tenant; ${back}`,
      /^Function current_tenant\(\) does not raise/,
    ],
    [
      'a view that reads as its owner',
      'create view open as select * from notes',
      'drop view open',
      /^guarded.open is a view without security_invoker/,
    ],
    [
      'a stored view',
      'create materialized view stored as select 1',
      'drop materialized view stored',
      /^guarded.stored is a view/,
    ],
    [
      'a function that acts as its owner',
      `create function sly() returns int language sql security definer as 'select 1'`,
      'drop function sly',
      /^guarded.sly is a SECURITY DEFINER function/,
    ],
    [
      'an application that may truncate',
      `grant truncate on notes to ${app}`,
      `revoke truncate on notes from ${app}`,
      /^Table guarded.notes lets the application truncate/,
    ],
    [
      'an application in the relay’s table',
      `grant select on relay_state to ${app}`,
      `revoke select on relay_state from ${app}`,
      /^Table guarded.relay_state is for the relay only/,
    ],
    [
      'an application in one of its columns',
      `grant update (id) on relay_state to ${app}`,
      `revoke update (id) on relay_state from ${app}`,
      /^Table guarded.relay_state is for the relay only/,
    ],
    [
      'a relay that writes rows',
      `grant insert on notes to ${relay}`,
      `revoke insert on notes from ${relay}`,
      /^Table guarded.notes lets the relay write/,
    ],
    [
      'another service’s table',
      `create schema other; create table other.theirs (id int); grant usage on schema other to ${app}; grant select on other.theirs to ${app}`,
      'drop schema other cascade',
      /^other.theirs belongs to somebody else/,
    ],
    [
      'a superuser',
      `alter role ${app} superuser`,
      `alter role ${app} nosuperuser`,
      new RegExp(`^${app} is a superuser`),
    ],
    [
      'BYPASSRLS',
      `alter role ${app} bypassrls`,
      `alter role ${app} nobypassrls`,
      new RegExp(`^${app} has BYPASSRLS`),
    ],
    [
      'a relay with BYPASSRLS',
      `alter role ${relay} bypassrls`,
      `alter role ${relay} nobypassrls`,
      new RegExp(`^${relay} has BYPASSRLS`),
    ],
    [
      'a role within a role',
      `grant ${relay} to ${app}`,
      `revoke ${relay} from ${app}`,
      new RegExp(`^${app} is a member`),
    ],
    [
      'an application that owns',
      `alter table tokens owner to ${app}`,
      'alter table tokens owner to current_user',
      new RegExp(`^${app} \\(table tokens\\) owns`),
    ],
    [
      'row security on by default',
      `alter role ${app} set row_security = on; alter role ${app} in database "%db" reset row_security`,
      `alter role ${app} reset row_security; alter role ${app} in database "%db" set row_security = off`,
      new RegExp(`^${app} does not have row_security off`),
    ],
    [
      'a migration that is missing',
      `delete from migrations where name = '001-tables'`,
      'CHECKSUM',
      /^Migration guarded\/001-tables has not been applied/,
    ],
  ])('%s stops the start with its name', async (_what, plant, remove, finding) => {
    const asOwner = (sql: string) =>
      test.asOwner(`set search_path = guarded; ${sql.replaceAll('%db', test.name)}`);
    const [{ checksum }] = (await test.asOwner<{ checksum: string }>(
      `select checksum from guarded.migrations where name = '001-tables'`,
    )) as [{ checksum: string }];
    await asOwner(plant);
    try {
      await expect(check()).rejects.toThrow(StartError);
      await expect(check()).rejects.toThrow(finding);
    } finally {
      await asOwner(
        remove === 'CHECKSUM'
          ? `insert into migrations (name, checksum) values ('001-tables', '${checksum}')`
          : remove,
      );
    }
    await expect(check()).resolves.toBeUndefined();
  });

  it('an altered migration stops both the start and the job, with its name', async () => {
    const altered = [{ ...first, sql: `${first.sql} select 1;` }];
    await expect(check(altered)).rejects.toThrow(/^Migration guarded\/001-tables was altered/);
    const job = migrate({
      ownerUrl: test.ownerUrl,
      ...urls,
      service: { ...service, migrations: altered },
      logger: silentLogger,
    });
    await expect(job).rejects.toThrow(/^Migration guarded\/001-tables was altered/);
  });
});

describe('the migration job', () => {
  it('is done by exactly one of five who begin at once, and finds nothing to do the next time', async () => {
    const counted: Migration = {
      name: '002-counted',
      sql: `create table runs (id serial primary key); ${installationTable('runs')} insert into runs default values; select pg_sleep(0.2);`,
    };
    const grown = { ...service, migrations: [first, counted] };
    const job = () => migrate({ ownerUrl: test.ownerUrl, ...urls, service: grown, logger: silentLogger });
    await Promise.all(Array.from({ length: 5 }, job));
    await job();
    expect(await test.asOwner('select count(*)::int as n from guarded.runs')).toEqual([{ n: 1 }]);
  });

  it('leaves nothing of a migration that fails, and says which one it was', async () => {
    const failing: Migration = { name: '003-failing', sql: 'create table half (id int); select 1 / 0;' };
    const job = migrate({
      ownerUrl: test.ownerUrl,
      ...urls,
      service: { ...service, migrations: [first, failing] },
      logger: silentLogger,
    });
    await expect(job).rejects.toThrow('Migration guarded/003-failing failed: division by zero');
    expect(await test.asOwner(`select to_regclass('guarded.half') as half`)).toEqual([{ half: null }]);
  });

  it('does not narrow silently what a migration changes in tenant tables', async () => {
    await test
      .asOwner(
        `create role plain_owner login createrole password 'only-for-tests'; grant all on database ${test.name} to plain_owner; grant plain_owner to current_user`,
      )
      .catch(() => undefined);
    const plain = {
      ...service,
      name: 'plain',
      migrations: [
        { ...first, name: '001' },
        { name: '002', sql: 'update notes set id = id + 1;' },
      ],
    };
    const own = { appUrl: test.urlFor('tidemark_plain_app'), relayUrl: test.urlFor('tidemark_plain_relay') };
    const job = migrate({
      ownerUrl: test.urlFor('plain_owner'),
      ...own,
      service: plain,
      logger: silentLogger,
    });
    await expect(job).rejects.toThrow(
      /Migration plain\/002 failed: query would be affected by row-level security/,
    );
  });
});

describe('a database that cannot be reached', () => {
  it.each([
    [
      'a wrong password',
      (url: URL) => (url.password = 'hunter2'),
      /^TIDEMARK_APP_DATABASE_URL: Postgres at 127\.0\.0\.1:\d+\/test_\w+ refuses: password authentication failed/,
    ],
    [
      'no such database',
      (url: URL) => (url.pathname = '/nowhere'),
      /^TIDEMARK_APP_DATABASE_URL: Postgres at .*\/nowhere refuses/,
    ],
    [
      'nobody there',
      (url: URL) => (url.port = '1'),
      /^TIDEMARK_APP_DATABASE_URL: Postgres at 127\.0\.0\.1:1\/test_\w+ cannot be reached \(ECONNREFUSED\)/,
    ],
  ])('%s is named in one line, without the password', async (_what, change, line) => {
    const url = new URL(urls.appUrl);
    change(url);
    const checked = checkCatalogue({
      appUrl: url.href,
      relayUrl: urls.relayUrl,
      service,
      logger: silentLogger,
    });
    await expect(checked).rejects.toThrow(
      expect.objectContaining({ failure: 'configuration', message: expect.stringMatching(line) }),
    );
    await expect(checked).rejects.not.toThrow(/hunter2|only-for-tests/);
  });
});
