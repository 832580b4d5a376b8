import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { identityOf } from '../src/process/identity.js';
import { until } from '../src/process/until.js';

export interface Holder {
  /** the process itself; `said.pid` is the service that it started */
  pid: number;
  said: { pid: number; url: string; kind?: string; message?: string };
  /** kill -9; returns when it is dead */
  kill9(): Promise<void>;
}

const folder = import.meta.dirname;

export function spawnHolder(
  what: string,
  options: object,
): { pid: number; said: Promise<string>; kill9(): Promise<void> } {
  const args = [
    '--import',
    join(folder, 'sources.mjs'),
    join(folder, 'holder.ts'),
    what,
    JSON.stringify(options),
  ];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const said = Promise.race([
    once(createInterface(child.stdout), 'line').then(([line]) => String(line)),
    exited.then(() => Promise.reject(new Error(`the holder of ${what} ended without a word`))),
  ]);
  said.catch(() => {}); // one that is killed early on purpose is not asked
  return {
    pid: child.pid ?? 0,
    said,
    kill9: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

/** Another process that started `what`, or was refused it. */
export async function holder(what: string, options: object): Promise<Holder> {
  const { said, ...rest } = spawnHolder(what, options);
  return { ...rest, said: JSON.parse(await said) as Holder['said'] };
}

/** Whether the process ends before the deadline. */
export async function ends(pid: number, deadlineMs = 20_000): Promise<boolean> {
  return (await until(() => identityOf(pid) === undefined, deadlineMs)) ?? false;
}
