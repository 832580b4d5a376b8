import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { BackingError, codeOf } from '../errors.js';
import { identityOf } from './identity.js';
import { until } from './until.js';

/** How to end a process that is still there although the one that started it is gone. */
export interface Leftover {
  stopSignal: 'SIGTERM' | 'SIGINT';
  graceMs: number;
}

export function record(path: string, pid: number, { stopSignal, graceMs }: Leftover): void {
  writeFileSync(`${path}.new`, JSON.stringify({ pid, identity: identityOf(pid), stopSignal, graceMs }));
  renameSync(`${path}.new`, path);
}

/**
 * Ends the service that a killed process left running in this folder, if any. Whoever calls holds the lock of the
 * folder, so the one who started it is dead and nobody else wants it.
 */
export async function endLeftover(path: string): Promise<void> {
  const left = read(path);
  if (left && identityOf(left.pid) === left.identity) await end(left);
  rmSync(path, { force: true });
}

interface Recorded extends Leftover {
  pid: number;
  identity: string;
}

function read(path: string): Recorded | undefined {
  try {
    const left = JSON.parse(readFileSync(path, 'utf8')) as Recorded;
    return typeof left.pid === 'number' && typeof left.identity === 'string' ? left : undefined;
  } catch {
    return undefined;
  }
}

async function end({ pid, identity, stopSignal, graceMs }: Recorded): Promise<void> {
  const ended = (): boolean => identityOf(pid) !== identity;
  signal(pid, stopSignal);
  signal(pid, 'SIGCONT');
  if (await until(ended, graceMs)) return;
  signal(pid, 'SIGKILL');
  if (!(await until(ended, 10_000))) throw new BackingError('taken', `process ${pid} does not end`);
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (codeOf(error) === 'ESRCH') return;
    throw new BackingError('taken', `process ${pid} is still running and cannot be stopped by this account`);
  }
}
