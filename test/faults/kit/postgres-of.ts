import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';

/** The way in for whoever owns the data folder: past the product, past its roles, past row security. */
export async function askPostgres<R extends object>(
  cluster: string,
  sql: string,
  values: unknown[] = [],
): Promise<R[]> {
  const client = await connectTo(cluster);
  try {
    return (await client.query<R>(sql, values)).rows;
  } finally {
    await client.end();
  }
}

export async function connectTo(cluster: string): Promise<pg.Client> {
  const password = readFileSync(join(cluster, 'superuser.password'), 'utf8').trim();
  const port = Number(readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n')[3]);
  const client = new pg.Client({ host: '127.0.0.1', port, user: 'postgres', password, database: 'tidemark' });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}
