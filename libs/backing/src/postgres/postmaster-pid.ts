import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readlinkSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BackingError } from '../errors.js';
import { identityOf } from '../process/identity.js';

// No system gives pids this high, so Postgres finds nobody under it.
const nobody = '2147483646';

/**
 * Reads the file that a Postgres before ours left. Our own are known and ended by now (leftover.ts), which leaves:
 * - one that somebody started by hand: taken;
 * - a pid that another program got since, as happens after each restart of a container. Postgres would take it for a
 *   server and refuse for ever, so the pid is made one that cannot be; the rest of the file stays, because by the
 *   shared memory named there Postgres finds out whether children of the old server are still alive;
 * - an empty file: the machine or the server died as it was made.
 */
export function settlePostmasterPid(cluster: string): void {
  const path = join(cluster, 'postmaster.pid');
  if (!existsSync(path)) return;
  const [first = '', ...rest] = readFileSync(path, 'utf8').split('\n');
  const pid = Number.parseInt(first, 10);
  if (first === '') return rmSync(path);
  if (!(pid > 0) || identityOf(pid) === undefined) return;
  if (isServerOf(pid, cluster)) {
    throw new BackingError('taken', `the folder ${cluster} is in use by Postgres, process ${pid}`);
  }
  writeFileSync(path, [nobody, ...rest].join('\n'));
}

/** A server's working directory is its data. */
function isServerOf(pid: number, cluster: string): boolean {
  try {
    if (process.platform === 'linux') return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(cluster);
    return execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).includes(
      'postgres',
    );
  } catch {
    return false; // another account's, so not a server of these files
  }
}
