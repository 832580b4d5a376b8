import { describe, expect, it } from '@jest/globals';
import { eventStoreChecks, type EventStoreFactory } from '../event-store.contract.js';
import { memoryHarness } from '../memory-harness.js';
import { brokenStores } from './broken-stores.js';

/** The names of the checks that an adapter fails. */
async function complaints(factory: EventStoreFactory): Promise<string[]> {
  const failed: string[] = [];
  for (const { name, run } of eventStoreChecks) {
    await run(factory).catch(() => failed.push(name));
  }
  return failed;
}

describe('the contract of the event store catches an adapter that', () => {
  it.each(brokenStores(memoryHarness))('$fault', async ({ fault, caughtBy, factory }) => {
    const failed = await complaints(factory);
    console.log(`CAUGHT "${fault}" by: ${failed.join('; ')}`);
    expect(failed).toContain(caughtBy);
  });

  it('and has nothing to say about one that keeps its promises', async () => {
    expect(await complaints(memoryHarness)).toEqual([]);
  });
});
