import { MemoryBlobStore } from '../src/memory-blob-store.js';
import type { BlobStoreHarness } from './blob-store.contract.js';

export async function memoryHarness(): Promise<BlobStoreHarness> {
  const store = new MemoryBlobStore();
  const seen: (Buffer | undefined)[] = [];
  return {
    open: () => store,
    async generation(name) {
      const pack = store.packs.get(name);
      if (!seen.includes(pack)) seen.push(pack);
      return String(seen.indexOf(pack));
    },
    close: async () => undefined,
  };
}
