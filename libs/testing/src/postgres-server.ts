import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres } from '@tidemark/backing';

export interface TestServer {
  readonly url: string;
  /** To be called once by each who asked; the last one stops a server that was started here. */
  release(): Promise<void>;
}

let shared: { readonly starting: Promise<Started>; users: number } | undefined;

/** The real Postgres that the tests of one file share. */
export async function postgresServer(): Promise<TestServer> {
  const given = process.env['TIDEMARK_TEST_POSTGRES_URL'];
  if (given) return { url: given, release: async () => undefined };
  shared ??= { starting: start(), users: 0 };
  const mine = shared;
  mine.users++;
  const { url, stop } = await mine.starting;
  return {
    url,
    async release() {
      if (--mine.users > 0) return;
      if (shared === mine) shared = undefined;
      await stop();
    },
  };
}

interface Started {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/** Without fsync: these tests end servers, not machines. */
async function start(): Promise<Started> {
  const dataDir = join(tmpdir(), `tidemark-test-postgres-${process.pid}-${randomBytes(4).toString('hex')}`);
  const running = await startPostgres({ dataDir, settings: { fsync: 'off', max_connections: '100' } });
  return {
    url: running.url,
    stop: async () => {
      await running.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
