import { writeSync } from 'node:fs';
import { codeOf, isError, messageOf } from '../errors-of.js';
import { scrubbed } from '../logging/redact.js';
import { exitCodes } from '../start-error.js';

export interface Closable {
  close(): Promise<void>;
}

/** What of the process this needs; tests put their own in its place. */
export interface ProcessLike {
  on(event: string, listener: (value: unknown) => void): unknown;
  exit(code: number): void;
}

const CLOSE_WITHIN_MS = 28_000;

/** One Ctrl-C arrives several times: from the terminal, from npm and from the start script. */
const SAME_REQUEST_MS = 1_500;

/**
 * The life of a process. It ends with 0 when a signal asked it to, at once when a later signal insists, and with the
 * exit code of its failure and one line on stderr when it cannot start. What nobody caught ends it with 1: the state
 * after it is not known, and whoever watches starts it anew.
 */
export async function runMain(
  start: () => Promise<Closable>,
  self: ProcessLike = process,
  say = toStderr,
): Promise<void> {
  const asked = Promise.withResolvers<void>();
  let askedAt: number | undefined;
  const onSignal = () => {
    if (askedAt !== undefined)
      return performance.now() - askedAt > SAME_REQUEST_MS ? self.exit(1) : undefined;
    askedAt = performance.now();
    asked.resolve();
  };
  self.on('SIGINT', onSignal);
  self.on('SIGTERM', onSignal);
  const onFatal = (error: unknown) => {
    say(`fatal: ${isError(error) ? (error.stack ?? error.message) : String(error)}`);
    self.exit(1);
  };
  self.on('uncaughtException', onFatal);
  self.on('unhandledRejection', onFatal);
  try {
    const running = await start();
    await asked.promise;
    await closeInTime(running);
    self.exit(0);
  } catch (error) {
    say(askedAt !== undefined ? `shutdown failed: ${lineOf(error)}` : lineOf(error));
    self.exit(exitCodeOf(error));
  }
}

async function closeInTime(running: Closable): Promise<void> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => late.reject(new Error(`not closed within ${CLOSE_WITHIN_MS / 1000} s`)),
    CLOSE_WITHIN_MS,
  );
  await Promise.race([running.close(), late.promise]).finally(() => clearTimeout(timer));
}

/** A full disk is told from other failures wherever it shows: in the file system or in the database. */
function exitCodeOf(error: unknown): number {
  if (isError(error) && 'exitCode' in error && typeof error.exitCode === 'number') return error.exitCode;
  if (/^(ENOSPC|EDQUOT|53100)$/.test(codeOf(error))) return exitCodes['disk full'];
  return isError(error) && error.cause !== undefined ? exitCodeOf(error.cause) : 1;
}

const lineOf = (error: unknown): string => messageOf(error).replaceAll(/\s*\n\s*/g, ' ');

function toStderr(line: string): void {
  writeSync(2, `tidemark: ${scrubbed(line)}\n`);
}
