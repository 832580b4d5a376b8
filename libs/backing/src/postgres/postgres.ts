import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { BackingError } from '../errors.js';
import type { Account } from '../process/folders.js';
import { onPort } from '../process/ports.js';
import type { Running } from '../process/running.js';
import { inFolder, startService } from '../process/service.js';
import { accountFor, mustReach } from './account.js';
import { postgresAnswers } from './ask-postgres.js';
import { type Binaries, findBinaries } from './binaries.js';
import { hasCluster, inspect, makeCluster, passwordOf, removeHalfMade, superuser } from './cluster.js';
import { settlePostmasterPid } from './postmaster-pid.js';
import { postgresVerdict } from './verdict.js';

export interface PostgresOptions {
  /** Its cluster is the folder `cluster` in it. */
  dataDir: string;
  /** Without it a free one is found. */
  port?: number;
  /** Server settings, for example `{ max_connections: '300' }`; nothing of them is kept in the data folder. */
  settings?: Record<string, string>;
  log?: string;
  /** Where a copy of the programs goes when one is needed. */
  cacheDir?: string;
}

const ourSettings: Record<string, string> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  password_encryption: 'scram-sha-256',
  timezone: 'UTC',
  log_timezone: 'UTC',
  lc_messages: 'C',
  logging_collector: 'off',
  log_destination: 'stderr',
  jit: 'off',
};

/** Starts Postgres on its data folder, made at first; returns when the database `tidemark` answers. */
export async function startPostgres(options: PostgresOptions): Promise<Running> {
  const dataDir = resolve(options.dataDir);
  const log = resolve(options.log ?? join(dataDir, 'postgres.log'));
  return inFolder(dataDir, async () => {
    const prepared = await prepare(dataDir, log, options.cacheDir);
    return onPort(options.port, (port) => patiently(() => serve(prepared, port, log, options.settings)));
  });
}

interface Prepared {
  dataDir: string;
  cluster: string;
  binaries: Binaries;
  runAs: Account | undefined;
}

async function prepare(dataDir: string, log: string, cacheDir: string | undefined): Promise<Prepared> {
  const cluster = join(dataDir, 'cluster');
  const runAs = await accountFor(cluster);
  mustReach(dataDir, runAs);
  const binaries = await findBinaries(cacheDir, runAs);
  removeHalfMade(dataDir);
  if (!hasCluster(dataDir)) await makeCluster(dataDir, binaries, runAs, log);
  inspect(cluster);
  settlePostmasterPid(cluster);
  return { dataDir, cluster, binaries, runAs };
}

function serve(
  { dataDir, cluster, binaries, runAs }: Prepared,
  port: number,
  log: string,
  settings: Record<string, string> = {},
): Promise<Running> {
  const url = `postgres://${superuser}:${passwordOf(cluster)}@127.0.0.1:${port}/tidemark`;
  const all = Object.entries({ ...ourSettings, ...settings, port: String(port) });
  return startService(dataDir, {
    name: 'postgres',
    command: [
      ...(['env', '-i', 'LC_ALL=C', 'TZ=UTC', binaries.postgres, '-D', cluster] as const),
      ...all.flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ],
    ...(runAs && { runAs }),
    log,
    stopSignal: 'SIGINT', // "fast": open transactions are rolled back, nobody is waited for
    graceMs: 20_000,
    url,
    deadlineMs: 15 * 60_000, // it may have a lot of log to replay, and stopped half-way it would begin again
    says: /database system is ready to accept connections/,
    answers: () => postgresAnswers(cluster, url),
    verdict: (said) => postgresVerdict(cluster, said),
  });
}

/** After `kill -9` of the server its children end a moment later, and until then a new server refuses to start. */
async function patiently<T>(start: () => Promise<T>): Promise<T> {
  const end = performance.now() + 20_000;
  for (;;) {
    try {
      return await start();
    } catch (error) {
      if (!(error instanceof BackingError) || error.kind !== 'taken' || performance.now() > end) throw error;
      await sleep(100);
    }
  }
}
