import { tenantTable, type Migration, type ServiceSchema } from '@tidemark/runtime';
import { inboxMigrations } from '@tidemark/transport';

const entries: Migration = {
  name: '100-entries',
  sql: `
    create table heads (
      org text primary key,
      seq bigint not null
    );
    ${tenantTable('heads')}
    create table entries (
      org text not null,
      seq bigint not null,
      at timestamptz not null,
      actor text not null,
      action text not null,
      object text not null,
      outcome text not null,
      request_id text not null,
      event_id uuid not null,
      primary key (org, seq),
      unique (org, event_id)
    );
    ${tenantTable('entries')}
    grant select, insert, update on heads to {{app}};
    grant select, insert on entries to {{app}};`,
};

const detailsAndPlaces: Migration = {
  name: '110-details-and-places',
  sql: `
    alter table entries add column details jsonb;
    create table places (
      org text collate "C" not null,
      session text collate "C" not null,
      seq bigint not null,
      at timestamptz not null,
      primary key (org, session)
    );
    ${tenantTable('places')}
    grant select, insert, update, delete on places to {{app}};`,
};

export const auditSchema: ServiceSchema = {
  name: 'audit',
  migrations: [...inboxMigrations, entries, detailsAndPlaces],
};
