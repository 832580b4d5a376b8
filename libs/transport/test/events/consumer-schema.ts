import { accountTable, tenantTable, type Database, type ServiceSchema, type Tx } from '@tidemark/runtime';
import type { Entry } from './events.contract.js';
import type { Projection } from '../../src/events/projection/projection.js';
import { inboxMigrations } from '../../src/inbox/inbox.migrations.js';

/** A service that hears: its inbox and what it makes of events. */
export const consumerSchema: ServiceSchema = {
  name: 'hearer',
  migrations: [
    ...inboxMigrations,
    {
      name: '200-notes',
      sql: `
        create table notes (
          org text, seq bigint generated always as identity, tenant text not null, stream text not null,
          version bigint not null, data jsonb not null, primary key (org, seq));
        ${tenantTable('notes')}
        grant select, insert, delete on notes to {{app}};`,
    },
  ],
};

export async function writeNote(
  { org, stream, version, data }: Omit<Entry, 'tenant'>,
  tx: Tx,
): Promise<void> {
  await tx.query(
    `insert into notes (org, tenant, stream, version, data) values ($1, current_setting('app.tenant_id'), $2, $3, $4)`,
    [org, stream, version, data],
  );
}

export async function notesOf(db: Database, orgs: readonly string[]): Promise<Entry[]> {
  const notes: Entry[] = [];
  for (const tenant of orgs) {
    const sql = 'select tenant, org, stream, version, data from notes order by seq';
    notes.push(...(await db.tx({ tenant }, (tx) => tx.query<Entry>(sql))));
  }
  return notes;
}

/** How many events each stream had, and for whom; of the two classes of tables that row security guards. */
export const tallySchema: ServiceSchema = {
  name: 'tallies',
  migrations: [
    ...inboxMigrations,
    {
      name: '200-tallies',
      sql: `
        create table tallies (org text, stream text, events int not null, last jsonb not null, primary key (org, stream));
        ${tenantTable('tallies')}
        create table by_account (account text, org text, events int not null, primary key (account, org));
        ${accountTable('by_account')}
        grant select, insert, update, delete on tallies, by_account to {{app}};`,
    },
  ],
};

export const tally: Projection = {
  name: 'tally',
  tables: ['tallies', 'by_account'],
  hear: async (events, tx) => {
    for (const { org, stream, data, meta } of events) {
      await tx.query(
        `insert into tallies as t (org, stream, events, last) values ($1, $2, 1, $3)
         on conflict (org, stream) do update set events = t.events + 1, last = excluded.last`,
        [org, stream, data],
      );
      await tx.query(`select set_config('app.account_id', $1, true)`, [meta.account]);
      await tx.query(
        `insert into by_account as b (account, org, events) values ($1, $2, 1)
         on conflict (account, org) do update set events = b.events + 1`,
        [meta.account, org],
      );
    }
  },
};
