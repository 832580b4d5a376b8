import { blobStoreChecks, type BlobStoreFactory } from '../blob-store.contract.js';
import { memoryHarness } from '../memory-harness.js';
import { brokenStores } from './broken-stores.js';

/** The names of the checks that an adapter fails. */
async function complaints(factory: BlobStoreFactory): Promise<string[]> {
  const failed: string[] = [];
  for (const { name, run } of blobStoreChecks) await run(factory).catch(() => failed.push(name));
  return failed;
}

describe('the contract of the blob store catches an adapter that', () => {
  it.each(brokenStores)('$fault', async ({ fault, caughtBy, factory }) => {
    const failed = await complaints(factory);
    console.log(`CAUGHT "${fault}" by: ${failed.join('; ')}`);
    expect(failed).toContain(caughtBy);
  });

  it('and has nothing to say about one that keeps its promises', async () => {
    expect(await complaints(memoryHarness)).toEqual([]);
  });
});
