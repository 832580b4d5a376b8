import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { once } from 'node:events';
import { asBackingError, BackingError, BackingMissing, codeOf } from '../errors.js';
import type { Account } from './folders.js';
import { type Leftover, record } from './leftover.js';
import type { Env } from './run.js';

export interface Command {
  name: string;
  command: readonly [string, ...string[]];
  runAs?: Account;
  /** ours, if it is not given */
  env?: Env | undefined;
  /** stdout and stderr are appended to it */
  log: string;
  /** where the pid is kept, so that the next start finds a process that outlived its parent */
  record: string;
  stopSignal: Leftover['stopSignal'];
  graceMs: number;
}

/**
 * Becomes the service, and leaves behind one small shell that reads our end of a pipe. When we die, by whatever signal,
 * the kernel closes the pipe and that shell stops the service: politely, then by SIGKILL. `done` tells it that the
 * service has ended already. Both are in a session of their own, so Ctrl-C does not reach them. The service is started
 * only at `go`, which is said after its pid is on record: no service is ever unknown to the next start.
 */
const guard = `
signal=$1 tries=$2; shift 2
read -r go && [ "$go" = go ] || exit 0
exec 4<&0
(
  (
    read -r done && exit
    kill -s "$signal" $$; kill -s CONT $$
    while [ "$tries" -gt 0 ] && kill -0 $$; do sleep 0.2; tries=$((tries - 1)); done
    kill -s KILL $$
  ) <&4 >/dev/null 2>&1 &
)
exec "$@" </dev/null 4<&-`;

export interface Guarded {
  child: ChildProcess;
  /** its exit code, null after a signal */
  exited: Promise<number | null>;
}

export async function spawnGuarded(what: Command): Promise<Guarded> {
  const { child, exited } = await spawned(what);
  try {
    record(what.record, child.pid ?? 0, what);
    child.stdin?.write('go\n');
  } catch (error) {
    child.stdin?.end();
    throw asBackingError(error, `cannot start ${what.name}`);
  }
  void exited.then(() => child.stdin?.end('done\n'));
  return { child, exited };
}

async function spawned({ name, command, log, ...what }: Command): Promise<Guarded> {
  const args = [what.stopSignal.slice(3), String(Math.ceil(what.graceMs / 200)), ...command];
  let output: number | undefined;
  try {
    output = openSync(log, 'a');
    const child = spawn('/bin/sh', ['-c', guard, name, ...args], {
      detached: true,
      stdio: ['pipe', output, output],
      cwd: '/', // ours may be one that the account of the service may not enter
      ...(what.env && { env: what.env }),
      ...what.runAs,
    });
    const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
    child.stdin?.on('error', () => {}); // it may end before it is told to
    await once(child, 'spawn');
    return { child, exited };
  } catch (error) {
    if (codeOf(error) === 'ENOENT') throw new BackingMissing(`${name} needs /bin/sh`);
    if (codeOf(error) === 'EAGAIN') throw new BackingError('failed', `${name}: too many processes`);
    throw asBackingError(error, `cannot start ${name}`);
  } finally {
    if (output !== undefined) closeSync(output);
  }
}
