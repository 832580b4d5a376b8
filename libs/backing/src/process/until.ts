import { setTimeout as sleep } from 'node:timers/promises';

/** Asks again and again until there is an answer; undefined after the deadline. The interval only says how often to ask. */
export async function until<T>(
  ask: () => T | undefined | false | Promise<T | undefined | false>,
  deadlineMs: number,
  everyMs = 20,
): Promise<T | undefined> {
  const end = performance.now() + deadlineMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (performance.now() >= end) return undefined;
    await sleep(everyMs);
  }
}
