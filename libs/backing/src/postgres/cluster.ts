import { randomBytes } from 'node:crypto';
import {
  chownSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { asBackingError, BackingError } from '../errors.js';
import type { Account } from '../process/folders.js';
import { spawnGuarded } from '../process/guarded.js';
import { openLog } from '../process/log-file.js';
import { recordIn } from '../process/service.js';
import { type Binaries, majorVersion } from './binaries.js';
import { postgresVerdict } from './verdict.js';

const passwordFile = 'superuser.password';

export const superuser = 'postgres';

/** The password of the superuser; it came with the cluster and moves with it. */
export function passwordOf(cluster: string): string {
  try {
    return readFileSync(join(cluster, passwordFile), 'utf8').trim();
  } catch (error) {
    throw new BackingError('damaged', `the data is damaged: cannot read ${join(cluster, passwordFile)}`, {
      cause: error,
    });
  }
}

/** Makes the cluster beside its place and renames it: whoever sees it sees it whole. */
export async function makeCluster(
  dataDir: string,
  binaries: Binaries,
  runAs: Account | undefined,
  log: string,
): Promise<void> {
  try {
    const fresh = join(dataDir, `cluster.new-${randomBytes(6).toString('hex')}`);
    await initdb(fresh, dataDir, binaries, runAs, log);
    renameSync(fresh, join(dataDir, 'cluster'));
    flush(dataDir);
  } catch (error) {
    throw asBackingError(error, `cannot make a database in ${dataDir}`);
  } finally {
    removeHalfMade(dataDir); // ours when the disk is full, and what a start that was killed has left behind
  }
}

/** What a child of a killed initdb still writes into may resist; it goes with the next start. */
export function removeHalfMade(dataDir: string): void {
  for (const name of readdirSync(dataDir).filter((found) => found.startsWith('cluster.new-'))) {
    try {
      rmSync(join(dataDir, name), { recursive: true, force: true, maxRetries: 5 });
    } catch {
      continue;
    }
  }
}

async function initdb(
  fresh: string,
  dataDir: string,
  binaries: Binaries,
  runAs: Account | undefined,
  log: string,
): Promise<void> {
  const password = `${fresh}.password`;
  mkdirSync(fresh, { mode: 0o700 });
  writeFileSync(password, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600, flush: true });
  if (runAs) for (const path of [fresh, password]) chownSync(path, runAs.uid, runAs.gid);
  const written = openLog(log);
  const { exited } = await spawnGuarded({
    name: 'initdb',
    command: ['env', '-i', 'LC_ALL=C', 'TZ=UTC', binaries.initdb, ...initdbArguments(fresh, password)],
    ...(runAs && { runAs }),
    log,
    record: recordIn(dataDir),
    stopSignal: 'SIGTERM',
    graceMs: 2_000,
  });
  if ((await exited) !== 0) throw initdbVerdict(dataDir, written.text());
  renameSync(password, join(fresh, passwordFile));
}

const initdbArguments = (dir: string, password: string): string[] => [
  ...['-D', dir, '-U', superuser, `--pwfile=${password}`, '--auth=scram-sha-256', '--encoding=UTF8'],
  ...['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--data-checksums'],
];

function initdbVerdict(dataDir: string, log: string): BackingError {
  const verdict = postgresVerdict(dataDir, log);
  if (verdict.kind !== 'damaged' && verdict.kind !== 'failed') return verdict;
  const line = log.split('\n').find((said) => /error|FATAL|not found/i.test(said));
  return new BackingError('failed', `cannot make a database in ${dataDir}: ${line ?? verdict.message}`);
}

function flush(dir: string): void {
  const handle = openSync(dir, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** What can be told before Postgres is asked. */
export function inspect(cluster: string): void {
  const path = join(cluster, 'PG_VERSION');
  const version = existsSync(path) ? readFileSync(path, 'utf8').trim() : 'nothing';
  if (version === majorVersion) return;
  const text = `the data is damaged or of another version: ${path} says ${version} instead of ${majorVersion}`;
  throw new BackingError('damaged', text);
}

export const hasCluster = (dataDir: string): boolean =>
  statSync(join(dataDir, 'cluster'), { throwIfNoEntry: false }) !== undefined;
