import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { BackingError } from '../errors.js';

// Below the ranges from which systems take ports for outgoing connections (Linux from 32768, macOS from 49152):
// while a killed service is away, no client can be given its port, nor be connected to itself by asking for it.
const lowest = 12_000;
const highest = 32_000;

/** A port on 127.0.0.1 on which nobody listens now. Somebody may a moment later: whoever uses it tries again. */
export async function freePort(except: readonly number[] = []): Promise<number> {
  for (let tries = 0; tries < 100; tries++) {
    const port = randomInt(lowest, highest);
    if (!except.includes(port) && (await isFree(port))) return port;
  }
  throw new BackingError('failed', 'no free port on 127.0.0.1');
}

export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** Runs `start` on the wanted port, or on free ones until one was still free when the service took it. */
export async function onPort<T>(wanted: number | undefined, start: (port: number) => Promise<T>): Promise<T> {
  if (wanted !== undefined) return start(wanted);
  for (let tries = 1; ; tries++) {
    try {
      return await start(await freePort());
    } catch (error) {
      if (tries >= 5 || !(error instanceof BackingError) || error.kind !== 'port-taken') throw error;
    }
  }
}
