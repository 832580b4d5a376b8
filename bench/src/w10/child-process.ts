import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { startProcess } from '../measure/children.js';
import type { Checked, Job, Timed } from './side.js';

/** Ready, and waiting to be asked one thing after the other. */
export interface Child {
  timed(): Promise<Timed>;
  checked(): Promise<Checked>;
  end(): Promise<void>;
}

const PATIENCE_MS = 120_000;

/** A fresh process for one side of one round, ready to be timed. */
export async function startChild(job: Job): Promise<Child> {
  const child = startProcess(fileURLToPath(new URL('./child.js', import.meta.url)));
  try {
    await ask(child, job);
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
  return {
    timed: () => ask<Timed>(child, 'go'),
    checked: () => ask<Checked>(child, 'check'),
    async end() {
      if (child.exitCode !== null) return;
      const ended = new Promise((resolve) => child.once('exit', resolve));
      const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
      if (child.connected) child.send('end');
      await ended;
      clearTimeout(timer);
    },
  };
}

async function ask<Reply extends object>(child: ChildProcess, what: string | object): Promise<Reply> {
  const { promise, resolve, reject } = Promise.withResolvers<Reply>();
  const hear = (said: unknown) => {
    const { failed } = said as { failed?: string };
    if (failed === undefined) resolve(said as Reply);
    else reject(new Error(failed));
  };
  const gone = (code: number | null, signal: string | null) =>
    reject(new Error(`a side ended with ${code ?? signal}`));
  const timer = setTimeout(() => reject(new Error('a side took too long')), PATIENCE_MS);
  child.once('message', hear).once('exit', gone).once('error', reject);
  child.send(what);
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    child.off('message', hear).off('exit', gone).off('error', reject);
  }
}
