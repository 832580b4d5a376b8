import { randomBytes } from 'node:crypto';
import { expect } from '@jest/globals';
import type { BlobStore } from '../src/blob-store.js';

/** One place for packs, seen through as many adapters as one likes. */
export interface BlobStoreHarness {
  /** As another process would open it. */
  open(): BlobStore;
  /** Another one each time the pack is written. */
  generation(name: string): Promise<string>;
  close(): Promise<void>;
}

export type BlobStoreFactory = () => Promise<BlobStoreHarness>;

/** A promise of the port. `run` rejects when the adapter breaks it. */
export interface BlobStoreCheck {
  readonly name: string;
  run(factory: BlobStoreFactory): Promise<void>;
}

const newName = (): string => {
  const name = randomBytes(16).toString('hex');
  return `${name.slice(0, 2)}/${name.slice(2)}`;
};

const check = (
  name: string,
  holds: (store: BlobStore, harness: BlobStoreHarness) => Promise<void>,
): BlobStoreCheck => ({
  name,
  async run(factory) {
    const harness = await factory();
    try {
      await holds(harness.open(), harness);
    } finally {
      await harness.close();
    }
  },
});

const sameBytes = (got: Uint8Array, wanted: Uint8Array) =>
  expect(Buffer.compare(Buffer.from(got), Buffer.from(wanted))).toBe(0);

export const blobStoreChecks: readonly BlobStoreCheck[] = [
  check('gives a pack back as it came, whole', async (store) => {
    for (const length of [1, 4_096, 3_000_001]) {
      const [name, pack] = [newName(), randomBytes(length)];
      await store.put(name, pack);
      sameBytes(await store.readWhole(name), pack);
      expect(await store.size(name)).toBe(length);
    }
  }),

  check('keeps a pack larger than a simple upload', async (store) => {
    const [name, pack] = [newName(), randomBytes(9 * 1024 * 1024)];
    await store.put(name, pack);
    sameBytes(await store.readWhole(name), pack);
  }),

  check('gives parts in the order asked for, each as long as asked', async (store) => {
    const [name, pack] = [newName(), randomBytes(300_000)];
    await store.put(name, pack);
    const ranges = [
      { offset: 200_000, length: 1_000 },
      { offset: 0, length: 1 },
      { offset: 299_999, length: 1 },
      { offset: 100, length: 50 },
      { offset: 120, length: 100 },
      { offset: 100, length: 50 },
      { offset: 0, length: 300_000 },
    ];
    const parts = await store.read(name, ranges);
    expect(parts.map(({ length }) => length)).toEqual(ranges.map(({ length }) => length));
    ranges.forEach(({ offset, length }, i) => sameBytes(parts[i]!, pack.subarray(offset, offset + length)));
  }),

  check('makes up no bytes beyond the end of a pack', async (store) => {
    const name = newName();
    await store.put(name, randomBytes(100));
    for (const range of [
      { offset: 90, length: 11 },
      { offset: 100, length: 1 },
      { offset: 5_000, length: 10 },
    ])
      await expect(store.read(name, [range])).rejects.toMatchObject({ code: 'INTEGRITY' });
  }),

  check('says of a pack that was never put that it is damaged, and has no size for it', async (store) => {
    const name = newName();
    await expect(store.readWhole(name)).rejects.toMatchObject({ code: 'INTEGRITY' });
    await expect(store.read(name, [{ offset: 0, length: 1 }])).rejects.toMatchObject({ code: 'INTEGRITY' });
    expect(await store.size(name)).toBeUndefined();
  }),

  check('refuses another content under a name that is taken, and keeps the first', async (store) => {
    const [name, first] = [newName(), randomBytes(2_000)];
    await store.put(name, first);
    for (const second of [randomBytes(2_000), randomBytes(10), Buffer.concat([first, first])])
      await expect(store.put(name, second)).rejects.toMatchObject({ code: 'CONFLICT' });
    sameBytes(await store.readWhole(name), first);
  }),

  check('takes the repeat of a call as done, without writing again', async (store, harness) => {
    const [name, pack] = [newName(), randomBytes(2_000)];
    await store.put(name, pack);
    const generation = await harness.generation(name);
    await store.put(name, Buffer.from(pack));
    await harness.open().put(name, Buffer.from(pack));
    expect(await harness.generation(name)).toBe(generation);
    sameBytes(await store.readWhole(name), pack);
  }),

  check('lets one of many win who put different packs under one name', async (store, harness) => {
    const name = newName();
    const packs = Array.from({ length: 8 }, () => randomBytes(50_000));
    const outcomes = await Promise.allSettled(packs.map((pack) => harness.open().put(name, pack)));
    const winners = packs.filter((_, i) => outcomes[i]!.status === 'fulfilled');
    expect(winners).toHaveLength(1);
    for (const outcome of outcomes)
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'CONFLICT' });
    sameBytes(await store.readWhole(name), winners[0]!);
  }),

  check('shows an acknowledged pack to everybody at once', async (store, harness) => {
    const reader = harness.open();
    for (let i = 0; i < 5; i++) {
      const [name, pack] = [newName(), randomBytes(1_000)];
      expect(await reader.size(name)).toBeUndefined();
      await store.put(name, pack);
      expect(await reader.size(name)).toBe(1_000);
      sameBytes(await reader.readWhole(name), pack);
      sameBytes((await reader.read(name, [{ offset: 10, length: 20 }]))[0]!, pack.subarray(10, 30));
    }
  }),

  check('never shows a part of a pack that is being written', async (store, harness) => {
    const [name, pack] = [newName(), randomBytes(4_000_000)];
    const reader = harness.open();
    let written = false;
    const writing = store.put(name, pack).finally(() => (written = true));
    while (!written) expect([undefined, pack.length]).toContain(await reader.size(name));
    await writing;
    sameBytes(await reader.readWhole(name), pack);
  }),

  check('keeps what came, whatever its caller does with the bytes later', async (store) => {
    const [name, pack] = [newName(), randomBytes(1_000)];
    const [given, wanted] = [Buffer.from(pack), Buffer.from(pack)];
    await store.put(name, given);
    given.fill(0);
    (await store.readWhole(name)).fill(1);
    (await store.read(name, [{ offset: 0, length: 1_000 }]))[0]!.fill(2);
    sameBytes(await store.readWhole(name), wanted);
  }),

  check('takes plain names only', async (store) => {
    for (const name of ['', '..', '../x', 'a/../b', '/a', 'a/', 'A', 'a b', 'a\0', `${'a'.repeat(65)}`]) {
      await expect(store.put(name, randomBytes(1))).rejects.toThrow('name of a pack');
      await expect(store.readWhole(name)).rejects.toThrow('name of a pack');
    }
  }),
];
