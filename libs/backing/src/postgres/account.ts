import { statSync } from 'node:fs';
import { BackingError, BackingMissing } from '../errors.js';
import { type Account, barrier, isRoot } from '../process/folders.js';
import { run } from '../process/run.js';

/**
 * Postgres refuses to run as root. Then it runs as whoever owns its data already, else as `postgres` or `nobody`;
 * undefined: as we are.
 */
export async function accountFor(cluster: string): Promise<Account | undefined> {
  if (!isRoot()) return undefined;
  const owner = statSync(cluster, { throwIfNoEntry: false });
  if (owner?.uid === 0) {
    const text = `${cluster} belongs to root, which Postgres does not run as: give it to another account (chown -R)`;
    throw new BackingError('unreachable', text);
  }
  return owner
    ? { uid: owner.uid, gid: owner.gid }
    : ((await named('postgres')) ?? (await named('nobody')) ?? none());
}

async function named(name: string): Promise<Account | undefined> {
  try {
    const [uid, gid] = await Promise.all([id('-u', name), id('-g', name)]);
    return { uid, gid };
  } catch (error) {
    if (error instanceof BackingMissing) throw error;
    return undefined;
  }
}

async function id(flag: string, name: string): Promise<number> {
  return Number(await run('id', [flag, name], { purpose: 'to find the account that Postgres runs as' }));
}

function none(): never {
  throw new BackingMissing(
    'Postgres does not run as root, and this machine has neither an account postgres nor nobody',
  );
}

export function mustReach(dataDir: string, account: Account | undefined): void {
  const closed = account && barrier(dataDir, account);
  if (!closed) return;
  const text = `Postgres cannot reach ${dataDir}: it runs as uid ${account.uid}, which may not enter ${closed}`;
  throw new BackingError(
    'unreachable',
    `${text}; put the data elsewhere, for example under /var/lib/tidemark`,
  );
}
