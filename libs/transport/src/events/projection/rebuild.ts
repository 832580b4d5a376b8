import type { LogEvent } from '@tidemark/contracts';
import type { LogReader } from '@tidemark/event-store';
import type { Tx } from '@tidemark/runtime';
import { differences, dump, rowsIn, type Dump } from './dump.js';
import type { Projection } from './projection.js';

export interface RebuildOptions {
  /** A connection of its own as the owner of the tables, who may look past row security. No service has one. */
  readonly owner: Tx;
  readonly schema: string;
  readonly log: LogReader;
  readonly projection: Projection;
}

export interface Compared {
  readonly events: number;
  readonly rows: number;
  /** Empty: rebuilt from nothing the tables are what they are. */
  readonly differences: readonly string[];
}

/**
 * Compares a projection with one that is made from its events anew. It changes nothing and holds nobody up: what is
 * live and how far it has heard are read at one moment; the other one is made beside it, in temporary tables, from
 * exactly the events that had been heard.
 */
export async function compareProjection(options: RebuildOptions): Promise<Compared> {
  const { owner, projection } = options;
  const { live, heard } = await inTransaction(owner, 'rollback', () => lookAtLive(options));
  return inTransaction(owner, 'rollback', async () => {
    const events = await fillBeside(options, heard);
    const rebuilt = await dump(owner, projection.tables, (table) => `pg_temp.${table}`);
    return { events, rows: rowsIn(live), differences: differences(live, rebuilt) };
  });
}

/**
 * Puts what follows from the events in the place of what is there, in one transaction: readers see the one or the
 * other, and the consumer waits and goes on where it was.
 */
export async function rebuildProjection(options: RebuildOptions): Promise<Compared> {
  const { owner, schema, projection } = options;
  const tables = projection.tables.map((table) => `${schema}.${table}`);
  return inTransaction(owner, 'commit', async () => {
    const blind = await boundByRowSecurity(owner);
    // Before the first look at anything, so that whoever was writing has finished.
    await owner.query(
      `lock table ${tables.join(', ')} in ${blind ? 'access exclusive' : 'share row exclusive'} mode`,
    );
    const { live, heard } = await lookAtLive(options);
    const events = await fillBeside(options, heard);
    const rebuilt = await dump(owner, projection.tables, (table) => `pg_temp.${table}`);
    for (const table of projection.tables) await replace(owner, `${schema}.${table}`, `pg_temp.${table}`);
    if (blind)
      for (const table of [...tables, `${schema}.heard`])
        await owner.query(`alter table ${table} force row level security`);
    return { events, rows: rowsIn(rebuilt), differences: differences(live, rebuilt) };
  });
}

type Heard = ReadonlyMap<string, number>;

const keyOf = (org: string, stream: string) => JSON.stringify([org, stream]);

async function lookAtLive(options: RebuildOptions): Promise<{ live: Dump; heard: Heard }> {
  const { owner, schema, projection } = options;
  if (await boundByRowSecurity(owner)) await lookPastRowSecurity(options);
  const live = await dump(owner, projection.tables, (table) => `${schema}.${table}`);
  const rows = await owner.query<{ org: string; stream: string; version: number }>(
    `select org, stream, version from ${schema}.heard where source = $1`,
    [projection.name],
  );
  return { live, heard: new Map(rows.map(({ org, stream, version }) => [keyOf(org, stream), version])) };
}

async function boundByRowSecurity(owner: Tx): Promise<boolean> {
  const [row] = await owner.query<{ free: boolean }>(
    'select rolsuper or rolbypassrls as free from pg_roles where rolname = current_user',
  );
  return !row!.free;
}

/** For this transaction only. It waits for readers and they for it, but no longer than the look takes. */
async function lookPastRowSecurity({ owner, schema, projection }: RebuildOptions): Promise<void> {
  for (const table of [...projection.tables, 'heard'])
    await owner.query(`alter table ${schema}.${table} no force row level security`);
}

/** Temporary tables come first in the path, so the handler fills them without knowing. */
async function fillBeside({ owner, schema, log, projection }: RebuildOptions, heard: Heard): Promise<number> {
  await owner.query(`set local search_path = pg_temp, ${schema}`);
  for (const table of projection.tables)
    await owner.query(
      `create temporary table ${table} (like ${schema}.${table} including all) on commit drop`,
    );
  let events = 0;
  for (let position = 0; ;) {
    const page = await log.read(position, 1_000);
    if (page.length === 0) return events;
    position = page.at(-1)!.position;
    const own = page.filter(({ org, stream, version }) => version <= (heard.get(keyOf(org, stream)) ?? 0));
    events += own.length;
    await hearAll(owner, projection, own);
  }
}

async function hearAll(owner: Tx, { hear }: Projection, events: readonly LogEvent[]): Promise<void> {
  for (const [org, own] of Map.groupBy(events, (event) => event.org)) {
    await owner.query(`select set_config('app.tenant_id', $1, true)`, [org]);
    await hear(own, owner);
  }
}

async function replace(owner: Tx, table: string, by: string): Promise<void> {
  await owner.query(`delete from ${table}`);
  await owner.query(`insert into ${table} overriding system value select * from ${by}`);
}

async function inTransaction<T>(owner: Tx, end: 'commit' | 'rollback', work: () => Promise<T>): Promise<T> {
  await owner.query('begin isolation level repeatable read');
  try {
    const result = await work();
    await owner.query(end);
    return result;
  } catch (error) {
    await owner.query('rollback').catch(() => undefined);
    throw error;
  }
}
