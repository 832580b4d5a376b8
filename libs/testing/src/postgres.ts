import { randomBytes } from 'node:crypto';
import { migrate, silentLogger, type ServiceSchema } from '@tidemark/runtime';
import pg from 'pg';
import { postgresServer } from './postgres-server.js';

/** A database of its own on the real Postgres of this test run, empty at first. */
export interface TestDatabase {
  readonly name: string;
  /** The owner, who is also the server's superuser: it sees past row security. */
  readonly ownerUrl: string;
  /** The same database for another role; all roles of tests share one password. */
  urlFor(role: string): string;
  /** One statement, or several, as the owner. */
  asOwner<R extends object = Record<string, unknown>>(sql: string, params?: readonly unknown[]): Promise<R[]>;
  /** Migrates one service into it; its two roles are `tidemark_<service>_app` and `_relay`. */
  migrated(service: ServiceSchema): Promise<{ readonly appUrl: string; readonly relayUrl: string }>;
  /** Throws out whoever is still connected. */
  drop(): Promise<void>;
}

/**
 * Call in `beforeAll`, and `drop()` in `afterAll`. The server is the one named by TIDEMARK_TEST_POSTGRES_URL, or one
 * that the first caller in a test file starts and the last `drop()` stops.
 */
export async function freshDatabase(): Promise<TestDatabase> {
  const server = await postgresServer();
  const name = `test_${randomBytes(6).toString('hex')}`;
  await query(server.url, `create database ${name}`);
  const ownerUrl = at(server.url, { name });
  const urlFor = (role: string) => at(ownerUrl, { role });
  return {
    name,
    ownerUrl,
    urlFor,
    asOwner: (sql, params) => query(ownerUrl, sql, params),
    async migrated(service) {
      const urls = {
        appUrl: urlFor(`tidemark_${service.name}_app`),
        relayUrl: urlFor(`tidemark_${service.name}_relay`),
      };
      await migrate({ ownerUrl, ...urls, service, logger: silentLogger });
      return urls;
    },
    async drop() {
      await query(server.url, `drop database if exists ${name} with (force)`);
      await server.release();
    },
  };
}

function at(url: string, { name, role }: { name?: string; role?: string }): string {
  const changed = new URL(url);
  if (name !== undefined) changed.pathname = `/${name}`;
  if (role !== undefined) [changed.username, changed.password] = [role, 'only-for-tests'];
  return changed.href;
}

async function query<R extends object>(url: string, sql: string, params?: readonly unknown[]): Promise<R[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const result = await client.query<R>(sql, params && [...params]);
    return result.rows ?? [];
  } finally {
    await client.end();
  }
}
