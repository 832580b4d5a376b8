import { setTimeout as wait } from 'node:timers/promises';

const FIRST_PAUSE = 100;
const LONGEST_PAUSE = 5_000;

/** Begins `work` anew whenever it fails, until the signal comes. Pauses grow while nothing is achieved in between. */
export async function again(
  work: (achieved: () => void) => Promise<void>,
  failed: (error: unknown) => Promise<void> | void,
  signal: AbortSignal,
): Promise<void> {
  let pauseMs = FIRST_PAUSE;
  while (!signal.aborted) {
    try {
      await work(() => (pauseMs = FIRST_PAUSE));
    } catch (error) {
      if (!signal.aborted) await failed(error);
    }
    await wait(pauseMs, undefined, { signal }).catch(() => undefined);
    pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE);
  }
}
