import { closeSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { asBackingError, BackingError } from '../errors.js';
import { mkdirTraversable } from './folders.js';
import { identityOf } from './identity.js';
import { until } from './until.js';

export interface Lock {
  release(): void;
}

/**
 * Holds a data folder for this process. Of any number of callers exactly one gets it; the others get `taken` with the
 * holder's pid. It ends with `release` or with the process, however that ends, and its children do not inherit it.
 */
export async function lockDataDir(dataDir: string): Promise<Lock> {
  try {
    mkdirTraversable(dataDir);
    const lock = tryLock(join(dataDir, '.lock'));
    if (lock) return tellingHolder(dataDir, lock);
  } catch (error) {
    throw asBackingError(error, `cannot use the folder ${dataDir}`);
  }
  const holder = await until(() => liveHolder(dataDir), 1_000);
  throw new BackingError(
    'taken',
    `the folder ${dataDir} is in use by ${holder ? `process ${holder}` : 'another process'}`,
  );
}

/**
 * Node has no flock, but its SQLite takes the locks of the operating system for it (fcntl): the kernel drops them when
 * the process dies, containers that share a volume see them, and there is no stale file whose owner must be guessed.
 * The file stays empty and stays behind; removing it would let two processes lock two different files.
 */
export function tryLock(path: string): Lock | undefined {
  closeSync(openSync(path, 'a')); // for the error: SQLite does not tell a full disk from a forbidden one
  const file = new DatabaseSync(path, { timeout: 0 });
  try {
    file.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    file.close();
    if (resultOf(error) === SQLITE_BUSY) return undefined;
    if (resultOf(error) === SQLITE_FULL) throw new BackingError('disk-full', `the disk is full (${path})`);
    throw error;
  }
  return {
    release: () => {
      if (file.isOpen) file.close();
    },
  };
}

const SQLITE_BUSY = 5;
const SQLITE_FULL = 13;

const resultOf = (error: unknown): unknown => (error as { errcode?: unknown }).errcode;

/** The pid beside the lock is only for the message of those who come too late. */
function tellingHolder(dataDir: string, lock: Lock): Lock {
  const path = join(dataDir, '.holder');
  try {
    writeFileSync(`${path}.new`, `${identityOf(process.pid) ?? process.pid}\n`);
    renameSync(`${path}.new`, path);
  } catch (error) {
    lock.release();
    throw error;
  }
  return {
    release: () => {
      rmSync(path, { force: true });
      lock.release();
    },
  };
}

function liveHolder(dataDir: string): number | undefined {
  try {
    const told = readFileSync(join(dataDir, '.holder'), 'utf8').trim();
    const pid = Number.parseInt(told, 10);
    return identityOf(pid) === told ? pid : undefined;
  } catch {
    return undefined;
  }
}
