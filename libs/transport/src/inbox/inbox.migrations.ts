import { installationTable, tenantTable, type Migration } from '@tidemark/runtime';

/** For every service that hears events. `source` is the topic or the projection that hears. */
export const inboxMigrations: readonly Migration[] = [
  {
    name: '100-inbox',
    sql: `
      create table heard (
        org text collate "C", source text collate "C", stream text collate "C",
        version bigint not null, parked_from bigint,
        primary key (org, source, stream)
      ) with (fillfactor = 80);
      ${tenantTable('heard')}
      grant select, insert, update on heard to {{app}};

      create table parked (
        org text collate "C", source text collate "C", stream text collate "C", version bigint, digest bytea,
        seq bigint not null generated always as identity,
        wire bytea not null, reason text not null, at timestamptz not null default now(),
        primary key (org, source, stream, version, digest)
      );
      ${tenantTable('parked')}
      grant select, insert, delete on parked to {{app}};

      create table parked_streams (
        source text collate "C", org text collate "C", stream text collate "C", messages bigint not null,
        primary key (source, org, stream)
      );
      ${installationTable('parked_streams')}
      grant select, insert, update, delete on parked_streams to {{app}};

      create table unreadable (
        source text, partition int, "offset" bigint, sha256 text,
        reason text not null, at timestamptz not null default now(),
        primary key (source, partition, "offset", sha256)
      );
      ${installationTable('unreadable')}
      grant select, insert on unreadable to {{app}};

      create table checkpoints (source text primary key, position bigint not null);
      ${installationTable('checkpoints')}
      grant select, insert, update on checkpoints to {{app}};`,
  },
];
