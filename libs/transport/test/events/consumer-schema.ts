import { tenantTable, type Database, type ServiceSchema, type Tx } from '@tidemark/runtime';
import type { Entry } from '../../src/events/events.contract.js';
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
