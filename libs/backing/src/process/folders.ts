import { chmodSync, mkdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { codeOf } from '../errors.js';

export interface Account {
  uid: number;
  gid: number;
}

export const isRoot = (): boolean => process.getuid?.() === 0;

/**
 * Like mkdir -p, but what root makes may be passed through by others whatever the umask, because the database under it
 * runs as another account. Folders that exist keep their mode.
 */
export function mkdirTraversable(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })) return;
  mkdirTraversable(dirname(path));
  try {
    mkdirSync(path);
    if (isRoot()) chmodSync(path, 0o755);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error; // somebody else was quicker
  }
}

/** The first folder on the way to `path`, itself included, that the account may not enter. */
export function barrier(path: string, account: Account): string | undefined {
  const ancestors: string[] = [];
  for (let at = resolve(path); !ancestors.includes(at); at = dirname(at)) ancestors.unshift(at);
  return ancestors.find((at) => !mayEnter(at, account));
}

function mayEnter(path: string, { uid, gid }: Account): boolean {
  const stat = statSync(path);
  if (stat.uid === uid) return (stat.mode & 0o100) !== 0;
  if (stat.gid === gid) return (stat.mode & 0o010) !== 0;
  return (stat.mode & 0o001) !== 0;
}
