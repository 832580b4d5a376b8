import { join, resolve } from 'node:path';
import { onPort } from './process/ports.js';
import type { Running } from './process/running.js';
import { inFolder, startService } from './process/service.js';
import { verdictOf } from './process/verdict.js';

/** A program of ours that serves HTTP, run as the services beside it are: guarded, in a folder, on a port of its own. */
export interface ProgramOptions {
  name: string;
  dataDir: string;
  command: readonly [string, ...string[]];
  env: Record<string, string | undefined>;
  /** Without it a free one is found. The program is told in TIDEMARK_PORT. */
  port?: number;
  /** Asked until it answers 200. */
  health: string;
  graceMs?: number;
}

/** Returns when its health is good. `url` is its base address. */
export function startProgram({
  name,
  command,
  env,
  port,
  health,
  graceMs,
  ...options
}: ProgramOptions): Promise<Running> {
  const dataDir = resolve(options.dataDir);
  return inFolder(dataDir, () =>
    onPort(port, (free) =>
      startService(dataDir, {
        name,
        command,
        env: { ...env, TIDEMARK_PORT: String(free) },
        log: join(dataDir, `${name}.log`),
        stopSignal: 'SIGTERM',
        graceMs: graceMs ?? 30_000,
        url: `http://127.0.0.1:${free}`,
        answers: () => isHealthy(`http://127.0.0.1:${free}${health}`),
        verdict: (log) => verdictOf(name, log),
      }),
    ),
  );
}

async function isHealthy(url: string): Promise<boolean> {
  try {
    const reply = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    await reply.body?.cancel();
    return reply.ok;
  } catch {
    return false;
  }
}
