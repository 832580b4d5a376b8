import type { BlobStore } from '../../src/blob-store.js';
import { MemoryBlobStore } from '../../src/memory-blob-store.js';
import type { BlobStoreFactory, BlobStoreHarness } from '../blob-store.contract.js';

/** A good adapter with one fault put in front of it. */
export interface BrokenStore {
  readonly fault: string;
  /** The check that must notice it, whatever others do. */
  readonly caughtBy: string;
  readonly factory: BlobStoreFactory;
}

type Fault = (good: MemoryBlobStore) => Partial<BlobStore>;

const broken =
  (fault: Fault): BlobStoreFactory =>
  async () => {
    const good = new MemoryBlobStore();
    const seen: (Buffer | undefined)[] = [];
    const harness: BlobStoreHarness = {
      open: () => withFault(good, fault(good)),
      async generation(name) {
        const pack = good.packs.get(name);
        if (!seen.includes(pack)) seen.push(pack);
        return String(seen.indexOf(pack));
      },
      close: async () => undefined,
    };
    return harness;
  };

const withFault = (good: BlobStore, fault: Partial<BlobStore>): BlobStore => ({
  put: (name, bytes) => good.put(name, bytes),
  read: (name, ranges) => good.read(name, ranges),
  readWhole: (name) => good.readWhole(name),
  size: (name) => good.size(name),
  ...fault,
});

const writesTwice: Fault = (good) => ({
  async put(name, bytes) {
    await good.put(name, bytes);
    good.packs.set(name, Buffer.from(bytes));
  },
});

const forgetsThePrecondition: Fault = (good) => ({
  async put(name, bytes) {
    if (!good.packs.get(name)?.equals(bytes)) good.packs.delete(name);
    await good.put(name, bytes);
  },
});

const returnsATornRange: Fault = (good) => ({
  async read(name, ranges) {
    const parts = await good.read(name, ranges);
    return parts.map((part) => (part.length > 10 ? part.subarray(0, part.length - 1) : part));
  },
});

const fillsUpWithZeros: Fault = (good) => ({
  async read(name, ranges) {
    const whole = await good.readWhole(name);
    return ranges.map(({ offset, length }) => {
      const part = Buffer.alloc(length);
      part.set(whole.subarray(offset, offset + length));
      return part;
    });
  },
});

const sortsTheParts: Fault = (good) => ({
  read: (name, ranges) =>
    good.read(
      name,
      ranges.toSorted((a, b) => a.offset - b.offset),
    ),
});

/** Each one opened keeps what it once saw, as a cache in front of a bucket would. */
const readsStale: Fault = (good) => {
  const remembered = new Map<string, number | undefined>();
  return {
    async size(name) {
      if (!remembered.has(name)) remembered.set(name, await good.size(name));
      return remembered.get(name);
    },
  };
};

const acknowledgesBeforeTheWrite: Fault = (good) => ({
  async put(name, bytes) {
    setTimeout(() => void good.put(name, bytes).catch(() => undefined), 20);
  },
});

const showsHalfAPack: Fault = (good) => ({
  async put(name, bytes) {
    if (good.packs.has(name)) return good.put(name, bytes);
    good.packs.set(name, Buffer.from(bytes.subarray(0, bytes.length >> 1)));
    await new Promise((resolve) => setTimeout(resolve, 20));
    good.packs.set(name, Buffer.from(bytes));
  },
});

const inventsMissingPacks: Fault = (good) => ({
  readWhole: async (name) =>
    (await good.size(name)) === undefined ? new Uint8Array() : good.readWhole(name),
});

export const brokenStores: readonly BrokenStore[] = [
  {
    fault: 'writes twice',
    caughtBy: 'takes the repeat of a call as done, without writing again',
    factory: broken(writesTwice),
  },
  {
    fault: 'forgets the precondition',
    caughtBy: 'refuses another content under a name that is taken, and keeps the first',
    factory: broken(forgetsThePrecondition),
  },
  {
    fault: 'returns a torn range',
    caughtBy: 'gives parts in the order asked for, each as long as asked',
    factory: broken(returnsATornRange),
  },
  {
    fault: 'fills up with zeros what is missing',
    caughtBy: 'makes up no bytes beyond the end of a pack',
    factory: broken(fillsUpWithZeros),
  },
  {
    fault: 'mixes up the order of parts',
    caughtBy: 'gives parts in the order asked for, each as long as asked',
    factory: broken(sortsTheParts),
  },
  {
    fault: 'reads stale',
    caughtBy: 'shows an acknowledged pack to everybody at once',
    factory: broken(readsStale),
  },
  {
    fault: 'acknowledges before the write',
    caughtBy: 'gives a pack back as it came, whole',
    factory: broken(acknowledgesBeforeTheWrite),
  },
  {
    fault: 'shows half a pack',
    caughtBy: 'never shows a part of a pack that is being written',
    factory: broken(showsHalfAPack),
  },
  {
    fault: 'invents a pack that is missing',
    caughtBy: 'says of a pack that was never put that it is damaged, and has no size for it',
    factory: broken(inventsMissingPacks),
  },
];
