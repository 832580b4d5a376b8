import type pg from 'pg';
import { until } from './program.js';
import { connectTo } from './postgres-of.js';

/**
 * Kills the process of the relay and sets it back while it is away, so that it publishes again what is on the topic
 * already, and hears again what it has heard. The rows are locked from before the kill on: a last save of the killed
 * process must not undo it.
 */
export async function repeatFrom(cluster: string, back: number, kill: () => void): Promise<void> {
  const client = await connectTo(cluster);
  try {
    await until('the relay to have published that much', 90_000, async () => {
      const { rows } = await client.query('select from orgs.relay_state where position >= $1', [back]);
      return rows.length > 0;
    });
    await client.query('begin');
    await client.query('select from orgs.relay_state for update');
    await client.query('select from orgs.checkpoints for update');
    const { rows } = await client.query<{ pid: number }>(
      `select pid from pg_stat_activity where usename in ('tidemark_orgs_app', 'tidemark_orgs_relay')`,
    );
    kill();
    await until('the connections of the killed process to end', 20_000, () => ended(client, rows));
    await client.query('update orgs.relay_state set position = greatest(0, position - $1)', [back]);
    await client.query('update orgs.checkpoints set position = greatest(0, position - $1)', [back]);
    await client.query('commit');
  } finally {
    await client.end();
  }
}

async function ended(client: pg.Client, connections: { pid: number }[]): Promise<boolean> {
  await client.query('select pg_stat_clear_snapshot()'); // else a transaction sees what it saw before
  const pids = connections.map(({ pid }) => pid);
  const { rows } = await client.query<{ left: number }>(
    'select count(pg_terminate_backend(pid))::int as left from pg_stat_activity where pid = any($1)',
    [pids],
  );
  return rows[0]!.left === 0;
}
