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

export function urlOf(cluster: string): string {
  const password = readFileSync(join(cluster, 'superuser.password'), 'utf8').trim();
  const port = readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n')[3];
  return `postgres://postgres:${password}@127.0.0.1:${port}/tidemark`;
}

export async function connectTo(cluster: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: urlOf(cluster) });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}
