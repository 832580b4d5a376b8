import { fork, type ChildProcess } from 'node:child_process';

const living = new Set<ChildProcess>();

/** A process of Node that ends with this one. */
export function startProcess(file: string): ChildProcess {
  const child = fork(file, { serialization: 'advanced' });
  living.add(child);
  child.once('exit', () => living.delete(child));
  return child;
}

/** Before the server goes, or they would complain of it. */
export const killProcesses = (): void => living.forEach((child) => void child.kill('SIGKILL'));
