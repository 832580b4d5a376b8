import { eventLogMigrations } from '@tidemark/event-store';
import { installationTable, tenantTable, type Migration, type ServiceSchema } from '@tidemark/runtime';
import { inboxMigrations, relayMigrations } from '@tidemark/transport';

/**
 * files: one row per incarnation; an archived one keeps its rows and is never shown again.
 * file_places: where a live file is, for a request that names the file alone. Ids only, hence of the installation.
 * projects: which of them are gone. A file that is being created holds the row, so the deletion of its project waits for it.
 * branch_snapshots: the list of each branch, 1, 2, 3 … ; file_snapshots: what any branch of the file has ever accepted, the
 * first record of an id for good.
 */
const tables = `
  create table files (
    org text collate "C" not null,
    incarnation text collate "C" not null,
    file text collate "C" not null,
    project text collate "C" not null,
    root text not null,
    name text not null,
    created_at timestamptz not null,
    archived_at timestamptz,
    primary key (org, incarnation)
  ) with (fillfactor = 80);
  ${tenantTable('files')}
  create index files_live on files (org, created_at, incarnation) where archived_at is null;

  create table file_places (
    file text collate "C" not null,
    org text collate "C" not null,
    incarnation text collate "C" not null,
    primary key (file, org)
  );
  ${installationTable('file_places')}

  create table projects (
    org text collate "C" not null,
    project text collate "C" not null,
    gone boolean not null,
    primary key (org, project)
  );
  ${tenantTable('projects')}

  create table file_keys (
    org text collate "C" not null,
    incarnation text collate "C" not null,
    account text collate "C" not null,
    key bytea not null,
    primary key (org, incarnation, account)
  );
  ${tenantTable('file_keys')}

  create table branches (
    org text collate "C" not null,
    incarnation text collate "C" not null,
    name text collate "C" not null,
    created timestamptz not null,
    modified timestamptz not null,
    head bytea not null,
    length integer not null,
    status text not null,
    primary key (org, incarnation, name)
  ) with (fillfactor = 70);
  ${tenantTable('branches')}

  create table branch_snapshots (
    org text collate "C" not null,
    incarnation text collate "C" not null,
    branch text collate "C" not null,
    n integer not null,
    snapshot bytea not null,
    primary key (org, incarnation, branch, n)
  );
  ${tenantTable('branch_snapshots')}

  create table file_snapshots (
    org text collate "C" not null,
    incarnation text collate "C" not null,
    snapshot bytea not null,
    record_hash bytea not null,
    pushed_by text not null,
    client text not null,
    at timestamptz not null,
    primary key (org, incarnation, snapshot)
  );
  ${tenantTable('file_snapshots')}

  grant select, insert, update on files, projects, branches to {{app}};
  grant select, insert, update, delete on file_places to {{app}};
  grant select, insert on file_keys, file_snapshots to {{app}};
  grant select, insert, delete on branch_snapshots to {{app}};`;

/** One round trip for what every request begins with. Nobody needs to know of more than a few. */
const findFile = `
  create function find_file(of_file text, of_orgs text[])
  returns table (org text, incarnation text, file text, project text, root text, name text, created_at timestamptz)
  language plpgsql set search_path = {{schema}}, pg_temp set row_security = on as $$
  declare
    place record;
  begin
    for place in
      select p.org, p.incarnation from file_places p where p.file = of_file and p.org = any(of_orgs) order by p.org limit 8
    loop
      perform set_config('app.tenant_id', place.org, true);
      return query
        select f.org, f.incarnation, f.file, f.project, f.root, f.name, f.created_at from files f
        where f.org = place.org and f.incarnation = place.incarnation and f.archived_at is null;
    end loop;
  end $$;`;

const filesAndBranches: Migration = { name: '200-files-and-branches', sql: tables + findFile };

export const branchesSchema: ServiceSchema = {
  name: 'branches',
  migrations: [...eventLogMigrations, ...inboxMigrations, ...relayMigrations, filesAndBranches],
};
