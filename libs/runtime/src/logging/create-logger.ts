import pino, { type Logger as Pino } from 'pino';
import { currentRequestId } from '../request-context/request-context.js';
import { hidden, hiddenPaths, scrubbed } from './redact.js';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';
export const logLevels: readonly LogLevel[] = ['debug', 'info', 'warn', 'error', 'silent'];

export interface LogOptions {
  readonly level: LogLevel;
  /** Which service, or which program, speaks. */
  readonly name: string;
  /** For tests; else stderr, because stdout belongs to the lines that scripts read. */
  readonly write?: (line: string) => void;
}

/** One JSON object per line, with the id of the request that it belongs to and without secrets. */
export function createLogger({ level, name, write = toStderr() }: LogOptions): Pino {
  return pino(
    {
      level,
      base: { service: name, pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      mixin: requestIdOfLine,
      redact: { paths: hiddenPaths, censor: hidden },
      serializers: { err: pino.stdSerializers.err, error: pino.stdSerializers.err },
    },
    { write: (line: string) => write(scrubbed(line)) },
  );
}

function requestIdOfLine(): object {
  const requestId = currentRequestId();
  return requestId === undefined ? {} : { requestId };
}

/** Synchronous: the line that explains the end of the process is the one that must not be lost. */
function toStderr(): (line: string) => void {
  const stderr = pino.destination({ dest: 2, sync: true });
  return (line) => void stderr.write(line);
}
