import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '@tidemark/testing';

export interface Fault {
  name: string;
  /** Does it; resolves with how to wait until what was hit is back. */
  strike(): Promise<{ returned: () => Promise<void> }>;
}

/**
 * Strikes with every fault once, in random order, at random places of the way from 0 to `goal`. Sometimes the next one
 * does not wait until the one before is healed.
 */
export async function inject(
  faults: readonly Fault[],
  random: Random,
  goal: number,
  progress: () => number,
): Promise<string[]> {
  const struck: string[] = [];
  let healing: Promise<void> = Promise.resolve();
  for (const [index, fault] of random.shuffled(faults).entries()) {
    const place = ((index + random.next()) / (faults.length + 1)) * goal;
    while (progress() < place) await sleep(10);
    if (random.next() < 0.7) await healing;
    const { returned } = await fault.strike();
    struck.push(`${fault.name}@${progress()}`);
    healing = Promise.all([healing, returned()]).then(() => undefined);
    healing.catch(() => undefined);
  }
  await healing;
  return struck;
}
