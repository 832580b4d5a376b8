import { packDamaged, packTaken, plainPackName, type BlobStore, type ByteRange } from './blob-store.js';
import { readMerged } from './merged-ranges.js';

/** For tests that are not about storage. */
export class MemoryBlobStore implements BlobStore {
  readonly packs = new Map<string, Buffer>();

  async put(name: string, bytes: Uint8Array): Promise<void> {
    const there = this.packs.get(plainPackName(name));
    if (there && !there.equals(bytes)) throw packTaken();
    if (!there) this.packs.set(name, Buffer.from(bytes));
  }

  async read(name: string, ranges: readonly ByteRange[]): Promise<Uint8Array[]> {
    const pack = await this.readWhole(name);
    return readMerged(ranges, 0, async ({ offset, length }) => pack.subarray(offset, offset + length));
  }

  async readWhole(name: string): Promise<Uint8Array> {
    const pack = this.packs.get(plainPackName(name));
    if (!pack) throw packDamaged();
    return Buffer.from(pack);
  }

  async size(name: string): Promise<number | undefined> {
    return this.packs.get(plainPackName(name))?.length;
  }
}
