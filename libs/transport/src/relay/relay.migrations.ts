import { installationTable, type Migration } from '@tidemark/runtime';

/** For every service whose log is published: how far it is on Kafka. */
export const relayMigrations: readonly Migration[] = [
  {
    name: '100-relay',
    sql: `
      create table relay_state (topic text primary key, position bigint not null);
      ${installationTable('relay_state', 'relay')}
      grant select, insert, update on relay_state to {{relay}};`,
  },
];
