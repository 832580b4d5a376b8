import { setTimeout as wait } from 'node:timers/promises';
import type { EventSource } from '../../src/events/event-source.js';

/** Waits for a state. The deadline only ends a test that would never end. */
export async function until(reached: () => Promise<boolean>, deadlineMs = 40_000): Promise<void> {
  const end = performance.now() + deadlineMs;
  while (!(await reached())) {
    if (performance.now() > end) throw new Error('It never came to that.');
    await wait(10);
  }
}

/** Everything is acknowledged. A source that cannot tell at the moment, as on a young topic, is asked again. */
export const caughtUp = (source: EventSource): Promise<void> =>
  until(async () => (await source.state().catch(() => undefined))?.lag === 0);
