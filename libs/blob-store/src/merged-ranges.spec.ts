import { readMerged, stretchesOf } from './merged-ranges.js';

const pack = Uint8Array.from({ length: 200 }, (_, i) => i);

describe('ranges of a pack', () => {
  it('are read together where they touch, overlap or lie close, and apart where they do not', () => {
    const ranges = [
      { offset: 100, length: 10 },
      { offset: 0, length: 10 },
      { offset: 10, length: 5 },
      { offset: 20, length: 5 },
      { offset: 3, length: 2 },
    ];
    expect(stretchesOf(ranges, 5)).toEqual([
      { offset: 0, end: 25, asked: [1, 4, 2, 3] },
      { offset: 100, end: 110, asked: [0] },
    ]);
    expect(stretchesOf(ranges, 4).map(({ offset, end }) => [offset, end])).toEqual([
      [0, 15],
      [20, 25],
      [100, 110],
    ]);
  });

  it('come back in the order asked for', async () => {
    const ranges = [
      { offset: 50, length: 2 },
      { offset: 0, length: 1 },
    ];
    const parts = await readMerged(ranges, 0, async ({ offset, length }) =>
      pack.subarray(offset, offset + length),
    );
    expect(parts.map((part) => [...part])).toEqual([[50, 51], [0]]);
  });

  it('are damaged when a stretch comes back short', async () => {
    const read = readMerged([{ offset: 195, length: 10 }], 0, async ({ offset }) => pack.subarray(offset));
    await expect(read).rejects.toMatchObject({ code: 'INTEGRITY' });
  });
});
