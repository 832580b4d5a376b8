import { existsSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { asBackingError, BackingError } from '../errors.js';
import { mkdirTraversable } from '../process/folders.js';
import { type Lock, tryLock } from '../process/lock.js';
import type { Env } from '../process/run.js';
import { until } from '../process/until.js';

/** Where fetched programs are kept. Root's own home is closed to the account that its database runs as. */
export function defaultCacheDir(env: Env, isRoot: boolean): string {
  if (env['XDG_CACHE_HOME']) return join(env['XDG_CACHE_HOME'], 'tidemark');
  return isRoot ? '/var/cache/tidemark' : join(env['HOME'] ?? homedir(), '.cache', 'tidemark');
}

/** Where data is kept when nobody says where: for root a place that the account of its database can enter. */
export function defaultDataDir(env: Env, isRoot: boolean): string {
  if (isRoot) return '/var/lib/tidemark';
  return join(env['XDG_DATA_HOME'] ?? join(env['HOME'] ?? homedir(), '.local', 'share'), 'tidemark');
}

const longestFetch = 15 * 60_000;

/**
 * The folder `name` of the cache, made by `make` once for all processes and all time. A fetch that dies leaves nothing
 * under this name, because the folder gets it only when it is whole.
 */
export async function fetchedOnce(
  cacheDir: string,
  name: string,
  make: (dir: string) => Promise<void>,
  isGood: (dir: string) => boolean = existsSync,
): Promise<string> {
  const dir = join(cacheDir, name);
  if (isGood(dir)) return dir;
  const lock = await turn(cacheDir, name);
  try {
    if (!isGood(dir)) await replace(cacheDir, name, make);
    return dir;
  } catch (error) {
    throw asBackingError(error, `cannot fetch ${name} into ${cacheDir}`);
  } finally {
    lock.release();
  }
}

async function turn(cacheDir: string, name: string): Promise<Lock> {
  try {
    mkdirTraversable(cacheDir);
    const lock = await until(() => tryLock(join(cacheDir, `.${name}.lock`)), longestFetch, 100);
    if (lock) return lock;
  } catch (error) {
    throw asBackingError(error, `cannot use the cache ${cacheDir}`);
  }
  throw new BackingError('failed', `another process has been fetching ${name} into ${cacheDir} for too long`);
}

async function replace(cacheDir: string, name: string, make: (dir: string) => Promise<void>): Promise<void> {
  for (const old of readdirSync(cacheDir)) {
    if (old.startsWith(`${name}.part-`)) remove(join(cacheDir, old)); // of a fetch that was killed
  }
  const part = mkdtempSync(join(cacheDir, `${name}.part-`));
  try {
    await make(part);
    if (existsSync(join(cacheDir, name))) renameSync(join(cacheDir, name), `${part}-old`);
    renameSync(part, join(cacheDir, name));
  } finally {
    remove(part);
    remove(`${part}-old`);
  }
}

const remove = (path: string): void => rmSync(path, { recursive: true, force: true });
