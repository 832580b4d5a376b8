import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres } from '@tidemark/backing';
import pg from 'pg';

/** The one Postgres that all sides of all rounds write to, each in a database of its own. */
export interface BenchServer {
  readonly folder: string;
  readonly pid: number;
  /** As superuser. */
  query<R extends object>(sql: string, params?: readonly unknown[]): Promise<R[]>;
  /** A new, empty database, with all that was done before written out; removed when the work ends. */
  withDatabase<T>(work: (url: string) => Promise<T>): Promise<T>;
  /** However often it is called. */
  stop(): Promise<void>;
}

export async function startBenchServer(): Promise<BenchServer> {
  const folder = join(tmpdir(), `tidemark-bench-${process.pid}-${randomBytes(4).toString('hex')}`);
  const running = await startPostgres({ dataDir: folder });
  const owner = new pg.Client({ connectionString: running.url });
  owner.on('error', () => undefined); // its next query says what happened
  await owner.connect();
  const query = async <R extends object>(sql: string, params: readonly unknown[] = []) =>
    (await owner.query<R>(sql, [...params])).rows;
  let made = 0;
  let stopped: Promise<void> | undefined;
  const end = async () => {
    await owner.end().catch(() => undefined);
    await running.stop();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  return {
    folder,
    pid: running.pid,
    query,
    async withDatabase(work) {
      const name = `bench_${++made}`;
      await owner.query(`create database ${name}`);
      try {
        await owner.query('checkpoint');
        return await work(withPath(running.url, name));
      } finally {
        await owner.query(`drop database ${name} with (force)`);
      }
    },
    stop: () => (stopped ??= end()),
  };
}

function withPath(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.href;
}

/** The same place for another account. */
export function withLogin(url: string, user: string, password: string): string {
  const changed = new URL(url);
  [changed.username, changed.password] = [user, password];
  return changed.href;
}
