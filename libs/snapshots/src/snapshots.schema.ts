import { tenantTable, type Migration, type ServiceSchema } from '@tidemark/runtime';
import { inboxMigrations } from '@tidemark/transport';

const blobs: Migration = {
  name: '100-blobs',
  sql: `
    create table data_keys (
      org text not null,
      incarnation text not null,
      version int not null,
      ring text not null,
      wrapped bytea not null,
      created_at timestamptz not null default now(),
      primary key (org, incarnation, version)
    );
    ${tenantTable('data_keys')}
    create table blobs (
      org text not null,
      incarnation text not null,
      id bytea not null,
      owner text not null,
      pack text not null,
      start bigint not null,
      length int not null,
      crc32c bigint not null,
      key_version int not null,
      created_at timestamptz not null default now(),
      primary key (org, incarnation, id, owner)
    );
    ${tenantTable('blobs')}
    grant select, insert on data_keys to {{app}};
    grant select, insert, update, delete on blobs to {{app}};`,
};

const snapshots: Migration = {
  name: '101-snapshots',
  sql: `
    create table snapshots (
      org text not null,
      incarnation text not null,
      id bytea not null,
      hash bytea not null,
      parent bytea not null,
      base bytea,
      depth int not null,
      entries int not null,
      head bytea not null,
      body bytea not null,
      fresh bytea not null,
      staged_by text not null,
      staged_at timestamptz not null default now(),
      accepted_at timestamptz,
      primary key (org, incarnation, id, hash)
    );
    alter table snapshots alter body set storage external;
    ${tenantTable('snapshots')}
    create unique index snapshots_accepted on snapshots (org, incarnation, id) where accepted_at is not null;
    create index snapshots_pending on snapshots (org, incarnation) where accepted_at is null;
    grant select, insert, update on snapshots to {{app}};`,
};

export const snapshotsSchema: ServiceSchema = {
  name: 'snapshots',
  migrations: [...inboxMigrations, blobs, snapshots],
};
