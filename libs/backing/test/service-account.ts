import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { statSync } from 'node:fs';
import { join } from 'node:path';

/** A copy with owners and modes. */
export function copyTree(from: string, to: string): void {
  execFileSync('cp', ['-a', `${from}/.`, to]);
}

/** A program that runs as the account to which the cluster belongs. */
export async function asOwner(dataDir: string, command: string, args: string[]): Promise<ChildProcess> {
  const { uid, gid } = statSync(join(dataDir, 'cluster'));
  const child = spawn(command, args, { uid, gid, cwd: '/', stdio: ['ignore', 'ignore', 'pipe'] });
  await once(child, 'spawn');
  return child;
}

export async function kill9(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}
