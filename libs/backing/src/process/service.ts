import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { asBackingError, BackingError } from '../errors.js';
import { type Command, type Guarded, spawnGuarded } from './guarded.js';
import { endLeftover } from './leftover.js';
import { lockDataDir } from './lock.js';
import { type LogFile, openLog } from './log-file.js';
import type { Running } from './running.js';
import { until } from './until.js';

export interface Service extends Omit<Command, 'record'> {
  url: string;
  /**
   * The line of its log that tells that it listens. Before it, somebody else who has the port might answer in its place.
   */
  says?: RegExp;
  /** Asks it once. False: not yet. Throws when asking again is of no use. */
  answers(): Promise<boolean>;
  /** What its log says about an end that nobody wanted. */
  verdict(log: string): BackingError;
  deadlineMs?: number;
}

export const recordIn = (dataDir: string): string => join(dataDir, '.process');

/**
 * Runs `start` with the folder locked and free of what a killed process left running in it. The folder stays locked
 * until the service that was started has ended.
 */
export async function inFolder(dataDir: string, start: () => Promise<Running>): Promise<Running> {
  const lock = await lockDataDir(dataDir);
  try {
    await endLeftover(recordIn(dataDir));
    const running = await start();
    void running.exited.then(() => lock.release());
    return running;
  } catch (error) {
    lock.release();
    throw asBackingError(error, `cannot use the folder ${dataDir}`);
  }
}

/** Starts a service in a folder that is locked; returns when it answers. If it does not, it is gone again. */
export async function startService(dataDir: string, service: Service): Promise<Running> {
  const log = openLog(service.log);
  const guarded = await spawnGuarded({ ...service, record: recordIn(dataDir) });
  const running = supervise(guarded, service, log);
  await answering(running, guarded.child, service, log);
  return running;
}

async function answering(
  running: Running,
  child: ChildProcess,
  service: Service,
  log: LogFile,
): Promise<void> {
  const ended = (): boolean => child.exitCode !== null || child.signalCode !== null;
  try {
    const ready = await until(
      async () => ended() || ((service.says?.test(log.text()) ?? true) && (await service.answers())),
      service.deadlineMs ?? 60_000,
    );
    if (ended()) throw service.verdict(log.text());
    if (!ready)
      throw new BackingError('failed', `${service.name} does not answer; its log is ${service.log}`);
  } catch (error) {
    await running.stop();
    throw error;
  }
}

function supervise({ child, exited }: Guarded, service: Service, log: LogFile): Running {
  let stopping: Promise<void> | undefined;
  return {
    name: service.name,
    url: service.url,
    pid: child.pid ?? 0,
    exited,
    stop: () => (stopping ??= stop(child, exited, service)),
    kill: (signal) => void child.kill(signal),
    explain: () => service.verdict(log.text()),
  };
}

async function stop(child: ChildProcess, exited: Promise<unknown>, service: Service): Promise<void> {
  child.kill(service.stopSignal);
  child.kill('SIGCONT'); // a stopped process would never see it
  const insist = setTimeout(() => child.kill('SIGKILL'), service.graceMs);
  await exited;
  clearTimeout(insist);
}
