import { setTimeout as wait } from 'node:timers/promises';

/** Waits for a state. The deadline only ends a test that would never end. */
export async function until(reached: () => Promise<boolean>, deadlineMs = 40_000): Promise<void> {
  const end = performance.now() + deadlineMs;
  while (!(await reached())) {
    if (performance.now() > end) throw new Error('It never came to that.');
    await wait(10);
  }
}
